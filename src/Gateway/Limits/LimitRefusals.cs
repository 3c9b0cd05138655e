using System.Globalization;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>What a caller beyond a limit is told.</summary>
internal static class LimitRefusals
{
    private const long MillisecondsOfSecond = 1_000;

    /// <summary>Limits are counted in Redis, which is away, and nothing may pass without them.</summary>
    public static Refusal Unavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "limits_unavailable", new ErrorText(
        "The limits of this call can't be checked at the moment, and this gateway lets no call pass without (Limits:OnStoreFailure). Try again later.",
        "目前无法检查这个请求的限额，而本网关不放行未经检查的请求（Limits:OnStoreFailure）。请稍后再试。"));

    /// <summary>Tokens are limited, and nobody counts them.</summary>
    public static Refusal NotMetered { get; } = new(StatusCodes.Status503ServiceUnavailable, "limits_unavailable", new ErrorText(
        "This key has a limit of tokens, but this gateway doesn't count usage. Its operator sets up a billing service, or takes the limit away.",
        "这个密钥有 token 限额，但本网关没有计量用量。请管理员配置计费服务，或去掉这个限额。"));

    /// <summary>Refuses a call, and sets the headers by which SDKs wait.</summary>
    public static Refusal Refuse(HttpResponse response, LimitRule rule, Decision decision)
    {
        var wait = decision.WaitMilliseconds;
        if (wait < 0)
        {
            response.Headers["x-should-retry"] = "false";
        }
        else
        {
            var seconds = Math.Max(1, (wait + MillisecondsOfSecond - 1) / MillisecondsOfSecond);
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            response.Headers["retry-after-ms"] = Math.Max(1, wait).ToString(CultureInfo.InvariantCulture);
        }

        return Of(rule, decision);
    }

    /// <summary>Why a call is refused.</summary>
    public static Refusal Of(LimitRule rule, Decision decision)
    {
        var at = decision.RefusedBy;
        var text = TextOf(rule, decision.Levels[at], decision.Charges[at].Amount, decision.WaitMilliseconds);
        return new Refusal(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded", text) { Type = "rate_limit_exceeded" };
    }

    // Codex and others read the time out of the message's end, in whatever language the rest is.
    private static ErrorText TextOf(LimitRule rule, Level level, long asked, long wait)
    {
        var limit = rule.Counter.Limit;
        var window = rule.Counter.Kind == CounterKind.Sliding ? GoDuration.Format((long)rule.Counter.Window.TotalMilliseconds) : "";
        if (wait < 0)
        {
            return new ErrorText(
                $"Request too large for the limit of {English(rule.Scope)} on {English(rule.Measure)} per {window}: Limit {limit}, Requested {asked}. "
                + "Send less, or ask for fewer tokens (max_tokens).",
                $"请求超过了{Chinese(rule.Scope)}每 {window} 的{Chinese(rule.Measure)}限额：限额 {limit}，请求 {asked}。请缩短请求，或减小 max_tokens。");
        }

        var again = GoDuration.Format(Math.Max(1, wait));
        return rule.Measure == LimitMeasure.Concurrency
            ? new ErrorText(
                $"Too many calls of {English(rule.Scope)} are in progress: Limit {limit}. Please try again in {again}.",
                $"{Chinese(rule.Scope)}同时进行的请求过多：限额 {limit}。Please try again in {again}.")
            : new ErrorText(
                $"Rate limit reached for {English(rule.Scope)} on {English(rule.Measure)} per {window}: Limit {limit}, Used {level.Used}, "
                + $"Requested {asked}. Please try again in {again}.",
                $"{Chinese(rule.Scope)}达到了每 {window} 的{Chinese(rule.Measure)}限额：限额 {limit}，已用 {level.Used}，请求 {asked}。"
                + $"Please try again in {again}.");
    }

    private static string English(LimitScope scope) => scope switch
    {
        LimitScope.Key => "this access key",
        LimitScope.Team => "the team of this access key",
        LimitScope.Address => "your address",
        _ => "this gateway",
    };

    private static string English(LimitMeasure measure) => measure switch
    {
        LimitMeasure.Requests => "requests",
        LimitMeasure.Tokens => "tokens",
        LimitMeasure.InputTokens => "input tokens",
        LimitMeasure.OutputTokens => "output tokens",
        _ => "concurrent requests",
    };

    private static string Chinese(LimitScope scope) => scope switch
    {
        LimitScope.Key => "这个访问密钥",
        LimitScope.Team => "这个访问密钥所在的团队",
        LimitScope.Address => "你的地址",
        _ => "本网关",
    };

    private static string Chinese(LimitMeasure measure) => measure switch
    {
        LimitMeasure.Requests => "请求",
        LimitMeasure.Tokens => " token ",
        LimitMeasure.InputTokens => "输入 token ",
        LimitMeasure.OutputTokens => "输出 token ",
        _ => "并发请求",
    };
}

using System.Globalization;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>What a caller whose budget is spent is told.</summary>
internal static class BudgetRefusals
{
    private const decimal MicroDollarsOfDollar = 1_000_000m;
    private const long MillisecondsOfSecond = 1_000;

    /// <summary>Nobody knows what the call would cost.</summary>
    public static Refusal Unpriced { get; } = new(StatusCodes.Status403Forbidden, "model_unpriced", new ErrorText(
        "This model has no price here, and you have a budget: nobody would know what it costs. The gateway's operator gives it a price (Pricing:File) or "
        + "allows it (Budgets:Unpriced).",
        "这个模型在本网关没有价格，而你有预算：无法知道它的费用。请管理员为它设置价格（Pricing:File），或允许使用（Budgets:Unpriced）。"))
    { Param = "model" };

    /// <summary>A gateway that has just started doesn't know what is spent.</summary>
    public static Refusal Unknown { get; } = new(StatusCodes.Status503ServiceUnavailable, "budgets_unavailable", new ErrorText(
        "This gateway has just started and doesn't know yet what is left of your budget: the billing service does not answer. Try again in a few seconds.",
        "本网关刚刚启动，还不知道你的预算剩余多少：计费服务没有响应。请过几秒再试。"));

    /// <summary>Sets the headers by which SDKs know whether to try again.</summary>
    public static void SetHeaders(HttpResponse response, Decision decision)
    {
        if (decision.WaitMilliseconds == Decision.ConcurrencyWait)
        {
            response.Headers.RetryAfter = "1";
            response.Headers["retry-after-ms"] = Decision.ConcurrencyWait.ToString(CultureInfo.InvariantCulture);
            return;
        }

        // As for money at OpenAI: no client should come again before somebody has done something.
        response.Headers["x-should-retry"] = "false";
    }

    /// <summary>Why a budget has no room for a call.</summary>
    /// <param name="counter">The budget.</param>
    /// <param name="window">Its period.</param>
    /// <param name="decision">What was decided.</param>
    public static Refusal Of(BudgetCounter counter, BudgetWindow window, Decision decision)
    {
        if (decision.WaitMilliseconds == Decision.ConcurrencyWait)
        {
            return InProgress(counter);
        }

        var level = decision.Levels[decision.RefusedBy];
        var until = window.End is { } end ? end.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null;
        var limit = Dollars(counter.Budget.MicroDollars);
        return new Refusal(StatusCodes.Status429TooManyRequests, "insufficient_quota", new ErrorText(
            $"You exceeded the budget of {English(counter.Scope.Kind)}: {limit} {English(counter.Budget.Period)}, of which {Dollars(level.Used)} are used."
            + (until is null ? "" : $" It begins anew at {until}."),
            $"超出了{Chinese(counter.Scope.Kind)}的预算：{Chinese(counter.Budget.Period)} {limit}，已用 {Dollars(level.Used)}。"
            + (until is null ? "" : $"将于 {until} 重新开始计算。")))
        {
            Type = "insufficient_quota",
            ResetsAt = window.End?.ToUnixTimeSeconds(),
        };
    }

    // What is left is reserved by calls in progress, and most of them cost less.
    private static Refusal InProgress(BudgetCounter counter)
        => new(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded", new ErrorText(
            $"What is left of the budget of {English(counter.Scope.Kind)} is reserved by calls in progress. "
            + $"Please try again in {Decision.ConcurrencyWait / MillisecondsOfSecond}s.",
            $"{Chinese(counter.Scope.Kind)}的预算余额已被进行中的请求预留。Please try again in {Decision.ConcurrencyWait / MillisecondsOfSecond}s."))
        {
            Type = "rate_limit_exceeded",
        };

    private static string Dollars(long microDollars)
        => "$" + (microDollars / MicroDollarsOfDollar).ToString("0.00####", CultureInfo.InvariantCulture);

    private static string English(BudgetScopeKind kind) => kind switch
    {
        BudgetScopeKind.Key => "this access key",
        BudgetScopeKind.Team => "the team of this access key",
        _ => "this gateway",
    };

    private static string English(BudgetPeriod period) => period switch
    {
        BudgetPeriod.Day => "a day",
        BudgetPeriod.Week => "a week",
        BudgetPeriod.Month => "a month",
        _ => "in total",
    };

    private static string Chinese(BudgetScopeKind kind) => kind switch
    {
        BudgetScopeKind.Key => "这个访问密钥",
        BudgetScopeKind.Team => "这个访问密钥所在的团队",
        _ => "本网关",
    };

    private static string Chinese(BudgetPeriod period) => period switch
    {
        BudgetPeriod.Day => "每天",
        BudgetPeriod.Week => "每周",
        BudgetPeriod.Month => "每月",
        _ => "总计",
    };
}

using System.Diagnostics.CodeAnalysis;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Timing;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Errors;
using OpenAIProxy.ServiceDefaults.Http;
using OpenAIProxy.ServiceDefaults.Logs;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Tells callers, and once the log, what went wrong between the gateway and the upstream.</summary>
internal sealed partial class UpstreamFailures(
    OpenAISettings openAI, ForwardingSettings settings, TimeProvider time, ILogger<UpstreamFailures> logger)
{
    private static readonly (int, string, ErrorText) Invalid = (StatusCodes.Status502BadGateway, "upstream_invalid_response",
        new ErrorText(
            "The upstream closed the connection before it answered, or its answer is not valid HTTP, or the answer's head is over 64 KB.",
            "上游在响应之前关闭了连接，或者响应不是合法的 HTTP，或者响应头超过 64 KB。"));

    private static readonly (int, string, ErrorText) NotProcessed = (StatusCodes.Status502BadGateway, "upstream_refused",
        new ErrorText(
            "The upstream refused the request unseen, again on a new connection where it could be sent again. Nothing was done: it is safe to retry.",
            "上游没有处理就拒绝了请求；请求能重发时，网关已用新连接重发一次，仍被拒绝。请求没有执行，可以放心重试。"));

    private readonly OncePerPeriod _failure = new(time, TimeSpan.FromMinutes(1));
    private readonly Outage _away = new();

    /// <summary>The upstream answered.</summary>
    public void Succeeded()
    {
        if (_away.End())
        {
            LogBack(logger);
        }
    }

    /// <summary>Answers when the gateway itself failed.</summary>
    public Task WriteAsync(HttpContext context, Exception exception)
    {
        if (_failure.TryPass(out var others))
        {
            LogFailure(logger, exception.GetType().Name, others, exception.StackTrace);
        }

        return OpenAIError.WriteAsync(
            context, StatusCodes.Status500InternalServerError, "internal_error",
            new ErrorText("The gateway failed. Its log says how.", "网关内部出错，详情见网关的日志。"));
    }

    /// <summary>Answers with the error object, if the answer hasn't begun. If it has, YARP has already aborted it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">What YARP says.</param>
    /// <param name="timer">The request's timer.</param>
    /// <param name="call">Told what the caller is told.</param>
    public Task WriteAsync(HttpContext context, ForwarderError error, PhaseTimer timer, CallObserver call)
    {
        var exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        if (error is ForwarderError.RequestCreation)
        {
            // Nothing was sent: what YARP caught is ours, thrown while the request was made.
            call.Failed(StatusCodes.Status500InternalServerError, wasHeard: false);
            return WriteAsync(context, exception!);
        }

        var (status, code, message) = Describe(context, error, exception, timer);
        if (code is "upstream_unreachable" or "upstream_timeout" or "upstream_invalid_response" && _away.Begin())
        {
            LogAway(logger, message.English, openAI.BaseUrl, exception is null ? "no details" : ConnectionFailure.Describe(exception));
        }

        var neverArrived = NeverArrived(exception);
        if (neverArrived && status >= StatusCodes.Status502BadGateway)
        {
            // OpenAI's own clients go by this one.
            context.Response.Headers["x-should-retry"] = "true";
        }

        call.Failed(status, wasHeard: !neverArrived);
        return OpenAIError.WriteAsync(context, status, code, message);
    }

    [SuppressMessage("Style", "IDE0072:Add missing cases", Justification = "The rest are failures after the head, which can't be told.")]
    private (int Status, string Code, ErrorText Message) Describe(
        HttpContext context, ForwarderError error, Exception? exception, PhaseTimer timer)
    {
        if (timer.Fired || error is ForwarderError.RequestTimedOut)
        {
            if (timer.Phase != Phase.Uploading || IsConnectTimeout(exception))
            {
                return (StatusCodes.Status504GatewayTimeout, "upstream_timeout", TimeoutMessage(exception));
            }

            return (StatusCodes.Status408RequestTimeout, "request_timeout", new ErrorText(
                $"The request's body stopped arriving: {TimingSettings.IdleTimeoutSetting.Name} is {Durations.Format(settings.Timing.IdleTimeout)}.",
                $"请求体传到一半停住了：{TimingSettings.IdleTimeoutSetting.Name} 为 {Durations.Format(settings.Timing.IdleTimeout)}。"));
        }

        if (error is ForwarderError.RequestBodyClient)
        {
            // YARP has set 400, 408 or what Kestrel thinks of the body.
            return (context.Response.StatusCode, "invalid_request_body", new ErrorText(
                "The request's body could not be read to its end.", "请求体没有传完就断开了。"));
        }

        if (error is ForwarderError.ResponseHeaders)
        {
            return Invalid;
        }

        if (exception is NotProcessedException { HttpRequestError: HttpRequestError.Unknown })
        {
            return NotProcessed;
        }

        return Reason(exception) switch
        {
            HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError
                or HttpRequestError.ConfigurationLimitExceeded => Invalid,
            var reason => (StatusCodes.Status502BadGateway, "upstream_unreachable", Unreachable(Explain(reason))),
        };
    }

    private static ErrorText Unreachable(ErrorText reason)
        => new($"The upstream can't be reached: {reason.English}.", $"无法连接上游：{reason.Chinese}。");

    // Which upstream it is, is the operator's business, and in the log.
    [SuppressMessage("Style", "IDE0072:Add missing cases", Justification = "The rest has no connection, or no longer one.")]
    private static ErrorText Explain(HttpRequestError reason) => reason switch
    {
        HttpRequestError.NameResolutionError => new("its name is not known", "无法解析上游的域名"),
        HttpRequestError.ConnectionError => new("no connection to it can be made", "连接被拒绝或没有应答"),
        HttpRequestError.SecureConnectionError => new("TLS with it fails, or its certificate is not trusted", "TLS 握手失败，或证书不受信任"),
        HttpRequestError.ProxyTunnelError or HttpRequestError.UserAuthenticationError => new("the proxy on the way refuses", "代理拒绝连接"),
        HttpRequestError.VersionNegotiationError => new("it doesn't speak the HTTP version that is asked of it", "上游不支持所要求的 HTTP 版本"),
        _ => new("the connection to it broke", "连接中断"),
    };

    private ErrorText TimeoutMessage(Exception? exception)
    {
        var (setting, limit) = IsConnectTimeout(exception)
            ? (ForwardingSettings.ConnectTimeoutSetting, settings.ConnectTimeout)
            : (TimingSettings.FirstByteTimeoutSetting, settings.Timing.FirstByteTimeout);
        var time = Durations.Format(limit);
        return new($"The upstream did not answer in time: {setting.Name} is {time}.", $"上游没有及时响应：{setting.Name} 为 {time}。");
    }

    // SocketsHttpHandler says by this inner exception that its ConnectTimeout fired.
    private static bool IsConnectTimeout(Exception? exception) => exception is OperationCanceledException { InnerException: TimeoutException };

    // No connection, no request. All else, a reset above all, may have come after the upstream had begun to work.
    private static bool NeverArrived(Exception? exception)
        => IsConnectTimeout(exception) || exception is NotProcessedException
            || Reason(exception) is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError or HttpRequestError.VersionNegotiationError;

    private static HttpRequestError Reason(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var reason })
            {
                return reason;
            }
        }

        return HttpRequestError.Unknown;
    }

    [LoggerMessage(2001, LogLevel.Warning,
        "{Message} It is {Upstream}; the last error says: {Error} Further failures are not logged until the upstream answers again.")]
    private static partial void LogAway(ILogger logger, string message, string upstream, string error);

    // Without the message: it may quote what the caller sent.
    [LoggerMessage(2003, LogLevel.Error, "A request failed in the gateway with {Exception}; {Others} more in the minutes before. {StackTrace}")]
    private static partial void LogFailure(ILogger logger, string exception, long others, string? stackTrace);

    [LoggerMessage(2002, LogLevel.Information, "The upstream answers again.")]
    private static partial void LogBack(ILogger logger);
}

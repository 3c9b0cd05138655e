using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>
/// Limits what the number of connections doesn't: WebSockets, and calls that share a connection (HTTP/2), each of which may need a
/// connection of its own to the upstream or the billing service. An ordinary call over HTTP/1.1 has its connection for itself, and isn't
/// counted here.
/// </summary>
internal sealed class CallLimit(UpstreamForwarder forwarder, BillingForwarder billing, ListenSettings settings)
{
    private readonly Counter _webSockets = new(ListenSettings.MaxWebSocketsSetting.Name, settings.MaxWebSockets);
    private readonly Counter _sharing = new(ListenSettings.MaxConnectionsSetting.Name, settings.MaxConnections);

    /// <summary>Forwards to the upstream, or answers 503.</summary>
    public Task ForwardAsync(HttpContext context, Caller caller, RequestPath path)
    {
        if (!WebSockets.IsOpening(context))
        {
            return ForwardSharingAsync(context, caller, path);
        }

        return _webSockets.TryEnter() ? _webSockets.LeaveAfterAsync(ForwardSharingAsync(context, caller, path)) : RefuseAsync(context, _webSockets);
    }

    /// <summary>Forwards a billing query to the billing service, or answers 503.</summary>
    public Task AskBillingAsync(HttpContext context, Caller caller) => AskAsync(context, () => billing.ForwardAsync(context, caller));

    /// <summary>Forwards a request for the usage page to the billing service, or answers 503.</summary>
    public Task ForwardPageAsync(HttpContext context) => AskAsync(context, () => billing.ForwardPageAsync(context));

    /// <summary>Forwards what is asked of the admin API to the billing service, or answers 503.</summary>
    public Task AskAdminAsync(HttpContext context) => AskAsync(context, () => billing.ForwardAdminAsync(context));

    private Task AskAsync(HttpContext context, Func<Task> ask)
    {
        if (!IsSharing(context))
        {
            return ask();
        }

        return _sharing.TryEnter() ? _sharing.LeaveAfterAsync(ask()) : RefuseAsync(context, _sharing);
    }

    private Task ForwardSharingAsync(HttpContext context, Caller caller, RequestPath path)
    {
        if (!IsSharing(context))
        {
            return forwarder.ForwardAsync(context, caller, path);
        }

        return _sharing.TryEnter() ? _sharing.LeaveAfterAsync(forwarder.ForwardAsync(context, caller, path)) : RefuseAsync(context, _sharing);
    }

    private static bool IsSharing(HttpContext context) => HttpProtocol.IsHttp2(context.Request.Protocol);

    private static Task RefuseAsync(HttpContext context, Counter counter)
    {
        context.Response.Headers.RetryAfter = "1";
        return OpenAIError.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "too_many_connections",
            new ErrorText(
                $"This gateway has as many calls in progress as it may have: {counter.Setting} is {counter.Limit}. Try again later.",
                $"本网关同时处理的请求已达上限：{counter.Setting} 为 {counter.Limit}。请稍后再试。"));
    }

    private sealed class Counter(string setting, int limit)
    {
        private int _count;

        public string Setting => setting;

        public int Limit => limit;

        public bool TryEnter()
        {
            if (Interlocked.Increment(ref _count) <= limit)
            {
                return true;
            }

            Leave();
            return false;
        }

        public async Task LeaveAfterAsync(Task call)
        {
            try
            {
                await call;
            }
            finally
            {
                Leave();
            }
        }

        private void Leave() => Interlocked.Decrement(ref _count);
    }
}

using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>
/// Limits what the number of connections doesn't: WebSockets, and calls that share a connection (HTTP/2), each of which may need a
/// connection of its own to the upstream or the billing service. An ordinary call over HTTP/1.1 has its connection for itself, and isn't
/// counted here.
/// </summary>
internal sealed class CallLimit(UpstreamForwarder forwarder, BillingForwarder billing, GatewaySettings settings)
{
    private readonly Counter _webSockets = new("Listen:MaxWebSockets", settings.Listen.MaxWebSockets);
    private readonly Counter _sharing = new("Listen:MaxConnections", settings.Listen.MaxConnections);

    /// <summary>Forwards to the upstream, or answers 503.</summary>
    public Task ForwardAsync(HttpContext context, Caller caller, RequestPath path)
        => WebSockets.IsOpening(context) ? CountSocketAsync(context, caller, path)
            : IsSharing(context) ? CountAsync(context, caller, path)
            : forwarder.ForwardAsync(context, caller, path);

    /// <summary>Forwards a billing query to the billing service, or answers 503.</summary>
    public Task AskBillingAsync(HttpContext context, Caller caller)
        => IsSharing(context) ? CountAsync(context, caller) : billing.ForwardAsync(context, caller);

    /// <summary>Forwards a request for the usage page to the billing service, or answers 503.</summary>
    public Task ForwardPageAsync(HttpContext context)
        => IsSharing(context) ? CountedAsync(context, _sharing, () => billing.ForwardPageAsync(context)) : billing.ForwardPageAsync(context);

    private static bool IsSharing(HttpContext context) => HttpProtocol.IsHttp2(context.Request.Protocol);

    private Task CountSocketAsync(HttpContext context, Caller caller, RequestPath path)
        => CountedAsync(context, _webSockets, () => IsSharing(context) ? CountAsync(context, caller, path) : forwarder.ForwardAsync(context, caller, path));

    private Task CountAsync(HttpContext context, Caller caller, RequestPath path)
        => CountedAsync(context, _sharing, () => forwarder.ForwardAsync(context, caller, path));

    private Task CountAsync(HttpContext context, Caller caller) => CountedAsync(context, _sharing, () => billing.ForwardAsync(context, caller));

    private static async Task CountedAsync(HttpContext context, Counter counter, Func<Task> forward)
    {
        if (!counter.TryEnter())
        {
            context.Response.Headers.RetryAfter = "1";
            await OpenAIError.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "too_many_connections",
                $"This gateway has as many calls in progress as it may have: {counter.Setting} is {counter.Limit}. Try again later.");
            return;
        }

        try
        {
            await forward();
        }
        finally
        {
            counter.Leave();
        }
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

        public void Leave() => Interlocked.Decrement(ref _count);
    }
}

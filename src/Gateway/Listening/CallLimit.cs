using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>
/// Limits what the number of connections doesn't: WebSockets, and calls that share a connection (HTTP/2), each of which may need a
/// connection of its own to the upstream. An ordinary call over HTTP/1.1 has its connection for itself, and isn't counted here.
/// </summary>
internal sealed class CallLimit(UpstreamForwarder forwarder, GatewaySettings settings)
{
    private readonly Counter _webSockets = new("Listen:MaxWebSockets", settings.Listen.MaxWebSockets);
    private readonly Counter _sharing = new("Listen:MaxConnections", settings.Listen.MaxConnections);

    /// <summary>Forwards, or answers 503.</summary>
    public Task ForwardAsync(HttpContext context, Caller caller, RequestPath path)
    {
        if (WebSockets.IsOpening(context))
        {
            return CountedAsync(context, caller, path, _webSockets);
        }

        return HttpProtocol.IsHttp2(context.Request.Protocol)
            ? CountedAsync(context, caller, path, _sharing)
            : forwarder.ForwardAsync(context, caller, path);
    }

    private async Task CountedAsync(HttpContext context, Caller caller, RequestPath path, Counter counter)
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
            await forwarder.ForwardAsync(context, caller, path);
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

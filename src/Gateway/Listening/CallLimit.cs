using Microsoft.AspNetCore.Http.Features;
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
        if (IsWebSocket(context))
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

    // RFC 9110 section 7.8: a list, and its names in any case. Over HTTP/2 it is a CONNECT with a protocol (RFC 8441).
    private static bool IsWebSocket(HttpContext context)
        => context.Request.Headers.Upgrade is { Count: > 0 } upgrade
            ? upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase)
            : context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

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

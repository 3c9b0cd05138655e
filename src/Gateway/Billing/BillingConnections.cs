using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>The connections to the billing service.</summary>
internal static class BillingConnections
{
    /// <summary>Creates a pool of them.</summary>
    public static SocketsHttpHandler Create() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        ConnectCallback = RacedConnect.Default.ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>The same without spans, for what belongs to no request: a trace each second helps nobody.</summary>
    public static SocketsHttpHandler CreateUntraced()
    {
        var handler = Create();
        handler.ActivityHeadersPropagator = null;
        return handler;
    }
}

namespace OpenAIProxy.Gateway.Billing;

/// <summary>The connections to the billing service.</summary>
internal static class BillingConnections
{
    /// <summary>Creates a pool of them, over the network unless <paramref name="dial"/> is given.</summary>
    public static SocketsHttpHandler Create(BillingDial? dial = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        ConnectCallback = (dial ?? BillingDial.Network).ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>The same without spans, for what belongs to no request: a trace each second helps nobody.</summary>
    public static SocketsHttpHandler CreateUntraced(BillingDial? dial = null)
    {
        var handler = Create(dial);
        handler.ActivityHeadersPropagator = null;
        return handler;
    }
}

using System.Net;
using System.Text;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Http;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>The API behind the gateway: its address, its pool of connections, and how to talk with it.</summary>
internal sealed class Upstream : IDisposable
{
    private static readonly TimeSpan BehindOurs = TimeSpan.FromMinutes(1);

    public Upstream(OpenAISettings openAI, ForwardingSettings forwarding, CallObservers observers, RacedConnect? connect = null)
    {
        BaseUrl = openAI.BaseUrl;
        Address = new Uri(BaseUrl);
        PropagatesTrace = openAI.PropagateTrace;
        KeyPlace = PlaceOfKey(openAI);
        Prefix = new RoutePrefix(forwarding.RoutePrefix, BaseUrl, isAzure: AzureHosts.Contains(Address.Host));
        Handler = observers.Wrap(CreateHandler(forwarding, connect));
        Client = new HttpMessageInvoker(Handler);
        var fresh = CreateHandler(forwarding, connect);
        // Each request gets a connection of its own.
        fresh.PooledConnectionLifetime = TimeSpan.Zero;
        Fresh = new HttpMessageInvoker(fresh);

        // YARP has one activity timer for all phases. It stands behind those of PhaseTimer.
        var timing = forwarding.Timing;
        var activityTimeout = BehindOurs + (timing.FirstByteTimeout > timing.IdleTimeout ? timing.FirstByteTimeout : timing.IdleTimeout);
        Requests = new ForwarderRequestConfig
        {
            ActivityTimeout = activityTimeout,
            Version = forwarding.UpstreamVersion is UpstreamVersion.Http11 ? HttpVersion.Version11 : HttpVersion.Version20,
            VersionPolicy = forwarding.UpstreamVersion is UpstreamVersion.Auto
                ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact,
        };

        // OpenAI's edge speaks WebSocket over HTTP/1.1; trying HTTP/2 first would cost every session a round trip.
        Upgrades = new ForwarderRequestConfig
        {
            ActivityTimeout = activityTimeout,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    /// <summary>Scheme, authority and an optional path, without a trailing slash.</summary>
    public string BaseUrl { get; }

    /// <summary>The same, parsed.</summary>
    public Uri Address { get; }

    /// <summary>True if the upstream is told which trace a request belongs to.</summary>
    public bool PropagatesTrace { get; }

    /// <summary>Where the operator's key stands in a request: Azure takes keys in the header <c>api-key</c>, and as Bearer only tokens.</summary>
    public KeyPlace KeyPlace { get; }

    /// <summary>What callers may have in front of every path.</summary>
    public RoutePrefix Prefix { get; }

    /// <summary>The connections. Long-lived; one for the process.</summary>
    public HttpMessageInvoker Client { get; }

    /// <summary>The same.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>A new connection for each request: for those that the others refused.</summary>
    public HttpMessageInvoker Fresh { get; }

    /// <summary>For ordinary requests.</summary>
    public ForwarderRequestConfig Requests { get; }

    /// <summary>For WebSockets.</summary>
    public ForwarderRequestConfig Upgrades { get; }

    public void Dispose()
    {
        Client.Dispose();
        Fresh.Dispose();
    }

    private static KeyPlace PlaceOfKey(OpenAISettings settings)
    {
        var wantsApiKey = settings.KeyHeader == UpstreamKeyHeader.ApiKey
            || (settings.KeyHeader == UpstreamKeyHeader.Auto && AzureHosts.Contains(new Uri(settings.BaseUrl).Host));
        return wantsApiKey ? KeyPlace.ApiKeyHeader : KeyPlace.Authorization;
    }

    internal static SocketsHttpHandler CreateHandler(ForwardingSettings settings, RacedConnect? connect = null) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = settings.Proxy is not null,
        Proxy = settings.Proxy,
        ConnectTimeout = settings.ConnectTimeout,
        // Below the 60 s after which load balancers drop idle connections; a lifetime, so that DNS changes are seen.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        // Header values are bytes; as Latin-1 each byte is one character, and comes out as it went in. Responses are read so anyway.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        // Our trace is nobody's business upstream, and UpstreamSpan stands for the span that the handler would make.
        ActivityHeadersPropagator = null,
        ConnectCallback = (connect ?? RacedConnect.Default).ConnectAsync,
    };
}

using System.Net;
using System.Text;
using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>The connections to upstream.</summary>
internal static class UpstreamHandler
{
    public static SocketsHttpHandler Create(WebProxy? proxy) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        ConnectCallback = RacedConnect.Default.ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(55),
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        // Our trace is nobody's business but ours; the span of a call is made in UpstreamClient.
        ActivityHeadersPropagator = null,
        UseProxy = proxy is not null,
        Proxy = proxy,
    };
}

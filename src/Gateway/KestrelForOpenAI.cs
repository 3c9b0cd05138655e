using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Listening;

namespace OpenAIProxy.Gateway;

/// <summary>Kestrel's limits are made for pages and forms; OpenAI's clients upload 512 MB files and read streams for minutes.</summary>
internal static class KestrelForOpenAI
{
    private static readonly ConnectionHeaderEncoding ForConnection = new();

    public static void ServeOpenAIClients(this KestrelServerOptions kestrel, ListenSettings listen, HttpsSettings https, ForwardingSettings forwarding)
    {
        kestrel.AddServerHeader = false;
        // The upstream sets the limit. Uploads and readers that stop are cut by the timers of Forwarding; a rate is only for who would hold a
        // connection for hours by a byte now and then.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(ListenSettings.SlowestBody, listen.SlowBodyTimeout);
        kestrel.Limits.RequestHeadersTimeout = listen.HeadTimeout;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestLineSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        // The same on the way in and out as between gateway and upstream: each byte of a header value stays itself.
        kestrel.RequestHeaderEncodingSelector = static name =>
            name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase) ? ForConnection : Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        if (https.IsOn)
        {
            kestrel.ConfigureHttpsDefaults(tls =>
            {
                var certificate = kestrel.ApplicationServices.GetRequiredService<TlsCertificate>();
                // Kestrel wants a selector or a certificate, but a selector can't send the issuers' certificates: a context does.
                tls.ServerCertificateSelector = (_, _) => certificate.Current.TargetCertificate;
                tls.OnAuthenticate = (_, options) =>
                {
                    options.ServerCertificateSelectionCallback = null;
                    options.ServerCertificateContext = certificate.Current;
                };
            });
        }

        // Once: a second call would replace the first.
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Use(kestrel.ApplicationServices.GetRequiredService<OpenConnections>().Use);
            if (forwarding.CleartextHttp2)
            {
                endpoint.Protocols = HttpProtocols.Http2;
            }
        });
    }
}

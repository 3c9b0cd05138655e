using System.Text;

namespace OpenAIProxy.BillingService.Configuration;

/// <summary>Where the service listens and how much it takes: its requests have no body, or a form. Only ingest takes more.</summary>
internal static class Listening
{
    private const int LargestBody = 16 * 1024;

    private static readonly string[] Addresses = ["urls", "http_ports", "https_ports"];

    public static void ListenStrictly(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            // As the gateway sends them: a name in a User-Agent must not cost the caller the answer.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        if (Addresses.All(name => string.IsNullOrWhiteSpace(builder.Configuration[name])))
        {
            builder.WebHost.UseUrls("http://localhost:8001");
        }
    }
}

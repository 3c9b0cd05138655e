using System.Net;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Configuration;

/// <summary>How requests travel to the upstream.</summary>
/// <param name="RoutePrefix">A path such as <c>/openai</c> under which everything lives too; empty for none.</param>
/// <param name="ConnectTimeout">Limit for name look-up, TCP and TLS together.</param>
/// <param name="FirstByteTimeout">Limit from the last byte of the request to the head of the answer.</param>
/// <param name="IdleTimeout">Limit for silence in the middle of a body or a WebSocket.</param>
/// <param name="KeepAlive">How long a stream of events is silent before a comment is written into it; zero for never.</param>
/// <param name="DrainTimeout">How long answers in progress may take when the gateway is told to stop; from zero to an hour.</param>
/// <param name="Proxy">An HTTP or SOCKS proxy on the way to the upstream; null for none.</param>
/// <param name="UpstreamVersion">The HTTP version to speak with the upstream.</param>
/// <param name="CleartextHttp2">True if listeners speak only HTTP/2, in cleartext with prior knowledge.</param>
/// <param name="BodyMemory">Bytes of request bodies that may be kept at a time, all together.</param>
public sealed record ForwardingSettings(
    string RoutePrefix,
    TimeSpan ConnectTimeout,
    TimeSpan FirstByteTimeout,
    TimeSpan IdleTimeout,
    TimeSpan KeepAlive,
    TimeSpan DrainTimeout,
    WebProxy? Proxy,
    UpstreamVersion UpstreamVersion,
    bool CleartextHttp2,
    long BodyMemory)
{
    private const string Duration = "a time from 1ms to 30d, such as 10s, 10m or 1h";
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromHours(1);

    /// <summary>The settings of the section <c>Forwarding</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Forwarding:RoutePrefix", "-", "a path of letters, digits, '-', '_', '.', '~' and '/', such as /openai",
            "A path under which everything lives too. With /openai, Azure's own paths (/openai/deployments/…) go upstream with it.")
        { Aliases = ["ROUTE_PREFIX"] },
        new("Forwarding:ConnectTimeout", "10s", Duration, "How long connecting to the upstream may take."),
        new("Forwarding:FirstByteTimeout", "20m", Duration, "How long the upstream may think before it begins to answer.") { Aliases = ["TIMEOUT"] },
        new("Forwarding:IdleTimeout", "10m", Duration, "How long a stream or WebSocket may be silent. There is no limit on its length."),
        new("Forwarding:KeepAlive", "15s", "a time from 0s to 1h, such as 15s; 0 for never",
            "How long a stream of events is silent before a comment line keeps it alive."),
        new("Forwarding:DrainTimeout", "5m", "a time from 0s to 1h, such as 0s, 30s or 5m",
            "How long answers in progress may take when the gateway is told to stop; then they are cut. A second signal cuts them at once."),
        new("Forwarding:Proxy", "-", ProxySetting.Allowed, "A proxy on the way to the upstream.")
        { Aliases = ["PROXY"], Secret = true },
        new("Forwarding:UpstreamHttpVersion", "auto", "auto (HTTP/2 where TLS offers it), 1.1 or 2", "The HTTP version spoken with the upstream."),
        new("Forwarding:CleartextHttp2", "false", "true or false",
            "Whether listeners speak HTTP/2 only, on http:// with prior knowledge (h2c). Not for use under the AppHost, whose checks speak HTTP/1.1."),
        new("Forwarding:BodyMemory", "64MB", "a size from 0MB to 64GB, such as 16MB, 64MB or 1GB",
            "How much of all requests' bodies may be kept at a time, to ask for usage and to send again what the upstream refused unseen. Beyond it bodies just pass."),
    ];

    internal static ForwardingSettings Read(SettingsReader reader) => new(
        ReadPrefix(reader),
        reader.Duration("Forwarding:ConnectTimeout", TimeSpan.FromSeconds(10), Shortest, Longest),
        reader.Duration("Forwarding:FirstByteTimeout", TimeSpan.FromMinutes(20), Shortest, Longest),
        reader.Duration("Forwarding:IdleTimeout", TimeSpan.FromMinutes(10), Shortest, Longest),
        reader.Duration("Forwarding:KeepAlive", TimeSpan.FromSeconds(15), TimeSpan.Zero, TimeSpan.FromHours(1)),
        reader.Duration("Forwarding:DrainTimeout", TimeSpan.FromMinutes(5), TimeSpan.Zero, LongestDrain),
        ProxySetting.Read(reader, "Forwarding:Proxy"),
        ReadVersion(reader),
        reader.Bool("Forwarding:CleartextHttp2", false),
        reader.Size("Forwarding:BodyMemory", 64L << 20, 64L << 30));

    private static string ReadPrefix(SettingsReader reader)
    {
        var text = reader.Text("Forwarding:RoutePrefix")?.Trim('/');
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        if (!text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~' or '/') || text.Split('/').Any(s => s is "" or "." or ".."))
        {
            reader.Wrong("Forwarding:RoutePrefix", text);
        }

        return "/" + text;
    }

    private static UpstreamVersion ReadVersion(SettingsReader reader)
    {
        var text = reader.Text("Forwarding:UpstreamHttpVersion");
        switch (text?.ToUpperInvariant())
        {
            case null or "AUTO": return UpstreamVersion.Auto;
            case "1.1": return UpstreamVersion.Http11;
            case "2" or "2.0": return UpstreamVersion.Http2;
            default:
                reader.Wrong("Forwarding:UpstreamHttpVersion", text);
                return UpstreamVersion.Auto;
        }
    }
}

using System.Net;
using OpenAIProxy.Gateway.Forwarding.Timing;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>How requests travel to the upstream.</summary>
/// <param name="RoutePrefix">A path such as <c>/openai</c> under which everything lives too; empty for none.</param>
/// <param name="ConnectTimeout">Limit for name look-up, TCP and TLS together.</param>
/// <param name="Timing">Limits for silence.</param>
/// <param name="DrainTimeout">How long answers in progress may take when the gateway is told to stop; from zero to an hour.</param>
/// <param name="Proxy">An HTTP or SOCKS proxy on the way to the upstream; null for none.</param>
/// <param name="UpstreamVersion">The HTTP version to speak with the upstream.</param>
/// <param name="CleartextHttp2">True if listeners speak only HTTP/2, in cleartext with prior knowledge.</param>
/// <param name="BodyMemory">Bytes of request bodies that may be kept at a time, all together.</param>
public sealed record ForwardingSettings(
    string RoutePrefix,
    TimeSpan ConnectTimeout,
    TimingSettings Timing,
    TimeSpan DrainTimeout,
    WebProxy? Proxy,
    UpstreamVersion UpstreamVersion,
    bool CleartextHttp2,
    long BodyMemory)
{
    // SocketsHttpHandler.ConnectTimeout takes no more milliseconds than an int holds: 24.8 days.
    internal static readonly DurationSetting ConnectTimeoutSetting = new("Forwarding:ConnectTimeout", "10s", "1ms", "24d",
        "How long connecting to the upstream may take.", "10s, 10m or 1h");
    internal static readonly DurationSetting DrainTimeoutSetting = new("Forwarding:DrainTimeout", "5m", "0s", "1h",
        "How long answers in progress may take when the gateway is told to stop; then they are cut. A second signal cuts them at once.", "0s, 30s or 5m");
    private static readonly TextSetting RoutePrefixSetting = new("Forwarding:RoutePrefix",
        "a path of letters, digits, '-', '_', '.', '~' and '/', such as /openai",
        "A path under which everything lives too. With /openai, Azure's own paths (/openai/deployments/…) go upstream with it.")
    { Aliases = ["ROUTE_PREFIX"] };
    private static readonly ProxySetting ProxySetting = new("Forwarding:Proxy", "A proxy on the way to the upstream.");
    private static readonly ChoiceSetting<UpstreamVersion> UpstreamVersionSetting = new("Forwarding:UpstreamHttpVersion",
        "The HTTP version spoken with the upstream.",
        ("auto", UpstreamVersion.Auto, "HTTP/2 where TLS offers it"), ("1.1", UpstreamVersion.Http11, null),
        ("2", UpstreamVersion.Http2, null), ("2.0", UpstreamVersion.Http2, null));
    private static readonly BoolSetting CleartextHttp2Setting = new("Forwarding:CleartextHttp2", false,
        "Whether listeners speak HTTP/2 only, on http:// with prior knowledge (h2c). Not for use under the AppHost, whose checks speak HTTP/1.1.");
    private static readonly SizeSetting BodyMemorySetting = new("Forwarding:BodyMemory", "64MB", "0MB", "64GB",
        "How much of all requests' bodies may be kept at a time, to ask for usage and to send again what the upstream refused unseen. "
            + "Beyond it bodies just pass.", "16MB, 64MB or 1GB");

    internal static IReadOnlyList<Setting> All { get; } =
    [
        RoutePrefixSetting, ConnectTimeoutSetting, .. TimingSettings.All, DrainTimeoutSetting, ProxySetting, UpstreamVersionSetting, CleartextHttp2Setting,
        BodyMemorySetting,
    ];

    internal static ForwardingSettings Read(SettingsReader reader) => new(
        ReadPrefix(reader), reader.Get(ConnectTimeoutSetting), TimingSettings.Read(reader), reader.Get(DrainTimeoutSetting), reader.Get(ProxySetting),
        reader.Get(UpstreamVersionSetting), reader.Get(CleartextHttp2Setting), reader.Get(BodyMemorySetting));

    private static string ReadPrefix(SettingsReader reader)
    {
        var text = reader.Get(RoutePrefixSetting)?.Trim('/');
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        if (!text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~' or '/') || text.Split('/').Any(s => s is "" or "." or ".."))
        {
            reader.Wrong(RoutePrefixSetting, text);
        }

        return "/" + text;
    }
}

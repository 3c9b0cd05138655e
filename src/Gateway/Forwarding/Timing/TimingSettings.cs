using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Forwarding.Timing;

/// <summary>How long a request may be silent, from 1 ms to 30 days each.</summary>
/// <param name="FirstByteTimeout">Limit from the last byte of the request to the head of the answer.</param>
/// <param name="IdleTimeout">Limit for silence in the middle of a body or a WebSocket.</param>
/// <param name="KeepAlive">How long a stream of events is silent before a comment is written into it; zero for never, at most an hour.</param>
public sealed record TimingSettings(TimeSpan FirstByteTimeout, TimeSpan IdleTimeout, TimeSpan KeepAlive)
{
    internal static readonly DurationSetting FirstByteTimeoutSetting = new("Forwarding:FirstByteTimeout", "20m", "1ms", "30d",
        "How long the upstream may think before it begins to answer.", "10s, 10m or 1h")
    { Aliases = ["TIMEOUT"] };
    internal static readonly DurationSetting IdleTimeoutSetting = new("Forwarding:IdleTimeout", "10m", "1ms", "30d",
        "How long a stream or WebSocket may be silent. There is no limit on its length.", "10s, 10m or 1h");
    private static readonly DurationSetting KeepAliveSetting = new("Forwarding:KeepAlive", "15s", "0s", "1h",
        "How long a stream of events is silent before a comment line keeps it alive.", "15s; 0 for never");

    internal static IReadOnlyList<Setting> All { get; } = [FirstByteTimeoutSetting, IdleTimeoutSetting, KeepAliveSetting];

    internal static TimingSettings Read(SettingsReader reader)
        => new(reader.Get(FirstByteTimeoutSetting), reader.Get(IdleTimeoutSetting), reader.Get(KeepAliveSetting));
}

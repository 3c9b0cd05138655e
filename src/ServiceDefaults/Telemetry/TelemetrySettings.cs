using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.ServiceDefaults.Telemetry;

/// <summary>Which traces are exported. The same for every service.</summary>
/// <param name="SampleRatio">The share of all traces, from 0 to 1, that is exported whatever happened in them.</param>
/// <param name="SlowAfter">A call that takes this long is always exported.</param>
public sealed record TelemetrySettings(double SampleRatio, TimeSpan SlowAfter)
{
    private static readonly RatioSetting SampleRatioSetting = new("Telemetry:SampleRatio", "1",
        "The share of traces that is exported. Failed and slow calls are exported whatever it is.");
    private static readonly DurationSetting SlowAfterSetting = new("Telemetry:SlowAfter", "10s", "1ms", "1h",
        "How long a call takes to be slow for Telemetry:SampleRatio. A stream takes until its end.");

    /// <summary>The settings of the section <c>Telemetry</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } = [SampleRatioSetting, SlowAfterSetting];

    /// <summary>Reads the section; errors go to <paramref name="reader"/>.</summary>
    public static TelemetrySettings Read(SettingsReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new TelemetrySettings(reader.Get(SampleRatioSetting), reader.Get(SlowAfterSetting));
    }
}

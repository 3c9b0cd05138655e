using System.Diagnostics.Metrics;

namespace OpenAIProxy.EndToEnd.Tests.Telemetry;

/// <summary>
/// What Prometheus calls a metric that it receives over OTLP, with its default <c>translation_strategy: UnderscoreEscapingWithSuffixes</c>:
/// underscores for dots, the unit behind the name unless it is an annotation such as <c>{record}</c>, and <c>_total</c> behind a counter.
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1
/// </summary>
internal static class PrometheusName
{
    /// <summary>The name as people read it.</summary>
    public static string Of(Instrument instrument)
    {
        var name = Label(instrument.Name);
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "1" when IsGauge(instrument) => "_ratio", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal))
        {
            name += unit;
        }

        return IsCounter(instrument) ? name + "_total" : name;
    }

    /// <summary>The names of its series: a histogram has three.</summary>
    public static IEnumerable<string> SeriesOf(Instrument instrument)
        => IsA(instrument, typeof(Histogram<>)) ? ((string[])["_bucket", "_sum", "_count"]).Select(end => Of(instrument) + end) : [Of(instrument)];

    /// <summary>What becomes of the name of an attribute.</summary>
    public static string Label(string name) => name.Replace('.', '_');

    private static bool IsCounter(Instrument instrument) => IsA(instrument, typeof(Counter<>)) || IsA(instrument, typeof(ObservableCounter<>));

    private static bool IsGauge(Instrument instrument) => IsA(instrument, typeof(Gauge<>)) || IsA(instrument, typeof(ObservableGauge<>));

    private static bool IsA(Instrument instrument, Type kind)
        => instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == kind;
}

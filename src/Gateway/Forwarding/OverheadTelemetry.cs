using System.Diagnostics.Metrics;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>How long the gateway itself takes for a call: a histogram, in seconds. What it costs while nobody listens is one comparison.</summary>
internal sealed class OverheadTelemetry
{
    public const string MeterName = "OpenAIProxy.Gateway.Forwarding";
    public const string Name = "openaiproxy.gateway.overhead";

    private readonly Histogram<double> _overhead;
    private readonly TimeProvider _time;

    public OverheadTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _overhead = meters.Create(MeterName).CreateHistogram(
            Name, "s", "How long the gateway itself takes for a call.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets });
    }

    /// <summary>Begins with a call.</summary>
    public OverheadTimer Start() => _overhead.Enabled ? new OverheadTimer(_overhead, _time) : default;

    /// <summary>Seconds. A call that takes longer than the last one has waited for something.</summary>
    private static double[] Buckets => [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1];
}

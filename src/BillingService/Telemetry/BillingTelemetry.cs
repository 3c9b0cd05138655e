using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenAIProxy.BillingService.Telemetry;

/// <summary>The names of all telemetry of billing, and its instruments. No tag ever holds a key or anything derived from one.</summary>
internal static class BillingTelemetry
{
    public const string Name = "OpenAIProxy.Billing";
    public const string CacheLookups = "openaiproxy.billing.cache.lookups";
    public const string UpstreamDuration = "openaiproxy.billing.upstream.duration";

    public const string ResultTag = "result";
    public const string Hit = "hit";
    public const string Miss = "miss";
    public const string PathTag = "url.path";
    public const string MethodTag = "http.request.method";
    public const string ServerTag = "server.address";
    public const string StatusTag = "http.response.status_code";
    public const string ErrorTag = "error.type";
    public const string DatabaseTag = "db.system.name";
    public const string OperationTag = "db.operation.name";
    public const string Redis = "redis";

    private static readonly Meter Meter = new(Name);

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Lookups of results, by whether there was one.</summary>
    public static Counter<long> Lookups { get; } = Meter.CreateCounter<long>(CacheLookups, "{lookup}", "Lookups of cached billing results.");

    /// <summary>Seconds from the call to the whole answer.</summary>
    public static Histogram<double> Duration { get; } = Meter.CreateHistogram(
        UpstreamDuration, "s", "Duration of upstream billing calls.", null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80] });
}

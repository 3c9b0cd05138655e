using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenAIProxy.BillingService.Telemetry;

/// <summary>The names of all telemetry of billing, and its instruments. No tag ever holds a key or anything derived from one.</summary>
internal static class BillingTelemetry
{
    public const string Name = "OpenAIProxy.Billing";
    public const string CacheLookups = "openaiproxy.billing.cache.lookups";
    public const string UpstreamDuration = "openaiproxy.billing.upstream.duration";
    public const string LedgerBatches = "openaiproxy.billing.ledger.batches";
    public const string LedgerRows = "openaiproxy.billing.ledger.rows";
    public const string LedgerDamaged = "openaiproxy.billing.ledger.damaged";

    public const string ResultTag = "result";
    public const string Hit = "hit";
    public const string Miss = "miss";
    public const string Added = "added";
    public const string Duplicate = "duplicate";
    public const string Unavailable = "unavailable";
    public const string PathTag = "url.path";
    public const string MethodTag = "http.request.method";
    public const string ServerTag = "server.address";
    public const string StatusTag = "http.response.status_code";
    public const string ErrorTag = "error.type";

    private static readonly Meter Meter = new(Name);

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Lookups of results, by whether there was one.</summary>
    public static Counter<long> Lookups { get; } = Meter.CreateCounter<long>(CacheLookups, "{lookup}", "Lookups of cached billing results.");

    /// <summary>Batches of usage that gateways reported, by what became of them.</summary>
    public static Counter<long> Batches { get; } = Meter.CreateCounter<long>(LedgerBatches, "{batch}", "Batches of usage reported by gateways.");

    /// <summary>Rows of the batches that were added.</summary>
    public static Counter<long> Rows { get; } = Meter.CreateCounter<long>(LedgerRows, "{row}", "Rows of usage added to the ledger.");

    /// <summary>Rows that can't be read, as often as they were met.</summary>
    public static Counter<long> DamagedRows { get; } = Meter.CreateCounter<long>(LedgerDamaged, "{row}", "Rows of the ledger that can't be read.");

    /// <summary>Seconds from the call to the whole answer.</summary>
    public static Histogram<double> Duration { get; } = Meter.CreateHistogram(
        UpstreamDuration, "s", "Duration of upstream billing calls.", null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1200] });
}

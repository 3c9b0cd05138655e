using System.Diagnostics.Metrics;
using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal;

/// <summary>The journal's and the shipper's metrics. Nothing in them comes from callers.</summary>
internal sealed class JournalTelemetry
{
    public const string Name = "OpenAIProxy.Journal";
    public const string LagName = "openaiproxy.journal.lag";
    public const string RecordsName = "openaiproxy.journal.records";
    public const string DroppedName = "openaiproxy.journal.dropped";
    public const string TornName = "openaiproxy.journal.torn";
    public const string DamagedName = "openaiproxy.journal.damaged";
    public const string LostName = "openaiproxy.journal.lost";
    public const string DamageTag = "openaiproxy.journal.damage";
    public const string UntrackedName = "openaiproxy.journal.untracked";
    public const string MemoryName = "openaiproxy.journal.memory.records";
    public const string WaitingName = "openaiproxy.journal.segments.waiting";
    public const string ShippedName = "openaiproxy.journal.segments.shipped";
    public const string RefusedName = "openaiproxy.journal.segments.refused";

    private readonly Meter _meter;

    public JournalTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        Records = _meter.CreateCounter<long>(RecordsName, "{record}", "Usage records written.");
        Dropped = _meter.CreateCounter<long>(DroppedName, "{record}", "Usage records lost, because neither disk nor memory had room.");
        Torn = _meter.CreateCounter<long>(TornName, "{record}", "Usage records that a killed gateway had begun to write.");
        Damaged = _meter.CreateCounter<long>(DamagedName, "{file}", "Files of the journal that were found damaged, by the kind of damage.");
        Lost = _meter.CreateCounter<long>(LostName, "{record}", "Usage records lost in damaged files of the journal, at least, by the kind of damage.");
        Untracked = _meter.CreateCounter<long>(UntrackedName, "{call}", "Calls that would leave no trace if the gateway were killed during them.");
        Shipped = _meter.CreateCounter<long>(ShippedName, "{segment}", "Segments that the billing service took.");
        Refused = _meter.CreateCounter<long>(RefusedName, "{segment}", "Segments that the billing service refused, or that can't be read.");
    }

    public Counter<long> Records { get; }

    public Counter<long> Dropped { get; }

    public Counter<long> Torn { get; }

    public Counter<long> Damaged { get; }

    public Counter<long> Lost { get; }

    public Counter<long> Untracked { get; }

    public Counter<long> Shipped { get; }

    public Counter<long> Refused { get; }

    /// <summary>Counts a damaged file.</summary>
    public void Report(DamageReport report)
    {
        var damage = new KeyValuePair<string, object?>(DamageTag, report.Name);
        Damaged.Add(1, damage);
        if (report.Lost > 0)
        {
            Lost.Add(report.Lost, damage);
        }
    }

    /// <summary>Shows the state of a journal.</summary>
    /// <param name="lag">Seconds since the oldest record that is not shipped.</param>
    /// <param name="waiting">Segments that are not shipped.</param>
    /// <param name="memory">Records in memory.</param>
    public void Observe(Func<double> lag, Func<int> waiting, Func<int> memory)
    {
        _meter.CreateObservableGauge(LagName, lag, "s", "Age of the oldest usage record that the billing service doesn't have.");
        _meter.CreateObservableGauge(WaitingName, waiting, "{segment}", "Segments that wait for the billing service.");
        _meter.CreateObservableGauge(MemoryName, memory, "{record}", "Usage records in memory that wait for the disk.");
    }
}

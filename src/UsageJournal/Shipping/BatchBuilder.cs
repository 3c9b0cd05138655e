using OpenAIProxy.Contracts;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Shipping;

/// <summary>
/// Adds up the records of a segment. The same segment gives the same batch to the byte, in whatever process: rows come in the order of
/// their first record.
/// </summary>
internal sealed class BatchBuilder
{
    private const long MillisecondsPerHour = 3_600_000;

    private readonly Dictionary<UsageDimensions, Row> _byDimensions = [];
    private readonly List<Row> _rows = [];
    private readonly Queue<UsageRecord> _last = [];

    /// <summary>The batch of what can be read of a segment, and what became of the rest.</summary>
    public static (UsageBatch Batch, DamageReport Report) Read(SegmentFile segment)
    {
        var builder = new BatchBuilder();
        var names = new NameCache();
        var (saved, unreadable) = (0, 0);
        var reader = segment.Records();
        while (reader.Next())
        {
            try
            {
                builder.Add(RecordReader.Read(reader.Payload, names));
                saved++;
            }
            catch (InvalidDataException)
            {
                unreadable++;
            }
        }

        return (builder.Build(segment.Id), segment.Report(saved, unreadable, reader.Damaged));
    }

    public void Add(UsageRecord record)
    {
        for (var i = 0; i < record.Lines.Count; i++)
        {
            var line = record.Lines[i];
            var row = RowOf(Dimensions(record, line), line.Once);
            row.Counts.Add(line.Counts);
            if (i == 0)
            {
                Row.Time(ref row.Duration, record.Duration);
                Row.Time(ref row.FirstToken, record.FirstToken);
            }
        }

        _last.Enqueue(record);
        if (_last.Count > RecentCall.MostOfBatch)
        {
            _last.Dequeue();
        }
    }

    /// <summary>The batch of all that was added.</summary>
    public UsageBatch Build(Guid id) => new(id, _rows.ConvertAll(r => r.ToUsageRow())) { Calls = _last.Count == 0 ? null : [.. _last.Select(Call)] };

    private static RecentCall Call(UsageRecord record)
        => new(Math.Max(record.Started, 0) + Math.Max(record.Duration, 0), Math.Max(record.Duration, 0), record.Status,
            [.. record.Lines.Take(RecentCall.MostRows).Select((line, i) => CallRow(record, line, isFirst: i == 0)).OfType<UsageRow>()]);

    private static UsageRow? CallRow(UsageRecord record, UsageLine line, bool isFirst)
    {
        var what = Dimensions(record, line);
        if (line.Once is null)
        {
            return new UsageRow(what, line.Counts);
        }

        return isFirst
            ? new UsageRow(
                what with { Unit = UsageUnit.Free },
                new UsageCounts { Requests = line.Counts.Requests, Errors = line.Counts.Errors, Cut = line.Counts.Cut })
            : null;
    }

    /// <summary>What a line of a record is about, and is priced by.</summary>
    public static UsageDimensions Dimensions(UsageRecord record, UsageLine line)
    {
        var model = line.Model.Length > 0 ? line.Model : record.RequestedModel;
        return new UsageDimensions(
            Math.Max(record.Started, 0) / MillisecondsPerHour,
            record.Key,
            model,
            record.RequestedModel == model || line.IsOfAnotherModel ? "" : record.RequestedModel,
            record.Endpoint,
            line.Tier,
            record.Region,
            line.Unit == UsageUnit.Tokens && !IsSum(record) ? ContextSize.Of(line.Counts.Input) : 0,
            line.Unit,
            line.Estimated)
        { EndUser = record.EndUser.Length > 0 ? record.EndUser : null };
    }

    // A batch and a run tell only what all of their requests used together; what is long, and costs more, is the single request.
    private static bool IsSum(UsageRecord record) => record.Endpoint is EndpointTable.Batches or EndpointTable.Runs;

    private Row RowOf(UsageDimensions what, string? once)
    {
        if (once is null && _byDimensions.TryGetValue(what, out var row))
        {
            return row;
        }

        row = new Row(what, once);
        _rows.Add(row);
        if (once is null)
        {
            _byDimensions[what] = row;
        }

        return row;
    }

    private sealed class Row(UsageDimensions what, string? once)
    {
        public Dictionary<int, long>? Duration;
        public Dictionary<int, long>? FirstToken;

        public UsageCounts Counts { get; } = new();

        public static void Time(ref Dictionary<int, long>? histogram, int milliseconds)
        {
            if (milliseconds >= 0)
            {
                histogram ??= [];
                var bucket = LatencyBuckets.Of(milliseconds);
                histogram[bucket] = histogram.GetValueOrDefault(bucket) + 1;
            }
        }

        public UsageRow ToUsageRow() => new(what, Counts) { Once = once, Duration = Duration, FirstToken = FirstToken };
    }
}

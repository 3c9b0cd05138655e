using System.Runtime.InteropServices;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>What a batch adds to each row of the tables, summed up so that each is written once.</summary>
internal sealed class BatchSums
{
    public const long HoursOfDay = 24;

    private static readonly string AddToHours = $"ON CONFLICT (hour, dims_id) DO UPDATE SET {CountColumns.Addition("usage_hour")}";
    private static readonly string AddToDays = $"ON CONFLICT (dims_id, day) DO UPDATE SET {CountColumns.Addition("usage_day")}";

    private const string KeepLatency = "ON CONFLICT DO NOTHING";

    private const string ReplaceLatency =
        "ON CONFLICT (dims_id, day) DO UPDATE SET duration = excluded.duration, first_token = excluded.first_token";

    private readonly Dictionary<Slot, UsageCounts> _hours = [];
    private readonly Dictionary<Slot, UsageCounts> _days = [];
    private readonly Dictionary<Slot, Latency> _latency = [];

    /// <summary>Sums up the rows, of which each has its <paramref name="ids"/>.</summary>
    public BatchSums(IReadOnlyList<UsageRow> rows, DimensionIds[] ids)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            var row = rows[i];
            var day = row.What.Hour / HoursOfDay;
            Add(_hours, new Slot(ids[i].Own, row.What.Hour), row.Counts);
            Add(_days, new Slot(ids[i].Own, day), row.Counts);
            Add(_days, new Slot(ids[i].Total, day), row.Counts);
            if (row.Duration is { Count: > 0 } || row.FirstToken is { Count: > 0 })
            {
                Add(new Slot(ids[i].Latency, day), row);
                Add(new Slot(ids[i].TotalLatency, day), row);
            }
        }
    }

    /// <summary>Adds all of it to the tables.</summary>
    public async Task WriteAsync(ILedgerTransaction transaction, LedgerDamage damage, CancellationToken cancellationToken)
    {
        await WriteAsync(transaction, "usage_hour", "hour", AddToHours, _hours, cancellationToken);
        await WriteAsync(transaction, "usage_day", "day", AddToDays, _days, cancellationToken);
        await WriteLatencyAsync(transaction, damage, cancellationToken);
    }

    private static async Task WriteAsync(
        ILedgerTransaction transaction, string table, string time, string onConflict, Dictionary<Slot, UsageCounts> sums, CancellationToken cancellationToken)
    {
        if (sums.Count > 0)
        {
            var slots = Sorted(sums.Keys);
            Column[] columns = [.. Columns(slots, time), .. CountColumns.Of(Array.ConvertAll(slots, slot => sums[slot]))];
            await transaction.InsertAsync(table, onConflict, columns, cancellationToken);
        }
    }

    private async Task WriteLatencyAsync(ILedgerTransaction transaction, LedgerDamage damage, CancellationToken cancellationToken)
    {
        if (_latency.Count == 0)
        {
            return;
        }

        var slots = Sorted(_latency.Keys);
        var keys = Columns(slots, "day");
        // A row that isn't there can't be locked, and two who found it missing would each write only their own calls.
        var empty = Array.ConvertAll(slots, _ => Array.Empty<byte>());
        await transaction.InsertAsync("usage_latency", KeepLatency, [.. keys, new("duration", empty), new("first_token", empty)], cancellationToken);
        await transaction.FindAndLockAsync(
            "usage_latency", "duration, first_token", keys,
            (i, row) =>
            {
                // What can't be read is replaced by what comes now: usage that is refused for it would be lost, too.
                if (!_latency[slots[i]].TryAdd((byte[])row[1], (byte[])row[2]))
                {
                    damage.Found(DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(slots[i].Time)));
                }
            },
            cancellationToken);
        await transaction.InsertAsync(
            "usage_latency", ReplaceLatency,
            [
                .. keys,
                new("duration", Array.ConvertAll(slots, slot => PackedHistogram.Pack(_latency[slot].Duration))),
                new("first_token", Array.ConvertAll(slots, slot => PackedHistogram.Pack(_latency[slot].FirstToken))),
            ],
            cancellationToken);
    }

    private static Column[] Columns(Slot[] slots, string time)
        => [new("dims_id", Array.ConvertAll(slots, slot => slot.Dimensions)), new(time, Array.ConvertAll(slots, slot => slot.Time))];

    // In the order of the key, as everybody does: otherwise two could wait for each other's rows.
    private static Slot[] Sorted(ICollection<Slot> slots)
    {
        var sorted = slots.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private static void Add(Dictionary<Slot, UsageCounts> sums, Slot slot, UsageCounts counts)
        => (CollectionsMarshal.GetValueRefOrAddDefault(sums, slot, out _) ??= new UsageCounts()).Add(counts);

    private void Add(Slot slot, UsageRow row)
        => (CollectionsMarshal.GetValueRefOrAddDefault(_latency, slot, out _) ??= new Latency()).Add(row);

    private readonly record struct Slot(long Dimensions, long Time) : IComparable<Slot>
    {
        public int CompareTo(Slot other)
            => Dimensions.CompareTo(other.Dimensions) is not 0 and var order ? order : Time.CompareTo(other.Time);
    }
}

using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Writing;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>All of a ledger's answer at once, rows of the same kind added up.</summary>
internal static class Reads
{
    public static async Task<IReadOnlyList<UsageRow>> ReadAsync(this UsageLedger ledger, LedgerQuery query, CancellationToken cancellationToken)
    {
        var sums = new Dictionary<UsageDimensions, UsageCounts>();
        await foreach (var row in ledger.RowsAsync(query, cancellationToken))
        {
            if (!sums.TryGetValue(row.What, out var sum))
            {
                sums.Add(row.What, sum = new UsageCounts());
            }

            sum.Add(row.Counts);
        }

        return [.. sums.Select(s => new UsageRow(s.Key, s.Value))];
    }

    public static async Task<IReadOnlyList<UsageRow>> ReadLatencyAsync(this UsageLedger ledger, LedgerQuery query, CancellationToken cancellationToken)
    {
        var sums = new Dictionary<UsageDimensions, Latency>();
        await foreach (var row in ledger.TimesAsync(query, cancellationToken))
        {
            if (!sums.TryGetValue(row.What, out var sum))
            {
                sums.Add(row.What, sum = new Latency());
            }

            Assert.True(sum.TryAdd(row.Duration, row.FirstToken));
        }

        return [.. sums.Select(s => new UsageRow(s.Key, new UsageCounts()) { Duration = Calls(s.Value.Duration), FirstToken = Calls(s.Value.FirstToken) })];
    }

    private static Dictionary<int, long> Calls(ReadOnlySpan<long> buckets)
        => buckets.ToArray().Index().Where(b => b.Item != 0).ToDictionary(b => b.Index, b => b.Item);
}

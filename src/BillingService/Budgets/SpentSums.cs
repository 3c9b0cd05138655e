using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Budgets;

/// <summary>What keys have spent, by the ledger and its prices.</summary>
internal sealed class SpentSums(UsageReports reports, TimeProvider time)
{
    private const decimal MicroDollars = 1_000_000m;

    private static readonly DateOnly First = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <summary>What each key has spent since the ledger began; those that have used nothing are missing.</summary>
    /// <param name="keys">The ids of the keys that are asked about; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    // Nobody needs to know on which days it was spent: those of UTC are at hand.
    public async Task<IReadOnlyDictionary<string, Spent>> AllAsync(IReadOnlyList<string>? keys, CancellationToken cancellationToken)
        => (await SinceAsync(keys, [First], null, cancellationToken))[0];

    /// <summary>What each key has spent since each of several days; those that have used nothing since then are missing.</summary>
    /// <param name="keys">The ids of the keys that are asked about; null for all.</param>
    /// <param name="since">The days; at least one.</param>
    /// <param name="zone">The time zone of the days; null for UTC.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, Spent>>> SinceAsync(
        IReadOnlyList<string>? keys, IReadOnlyList<DateOnly> since, TimeZoneInfo? zone, CancellationToken cancellationToken)
    {
        // A gateway's clock may be ahead, and so may its zone.
        var end = TimeZones.Today(time.GetUtcNow(), zone).AddDays(2);
        var scope = new ReportScope(keys is [var one] ? one : null, since.Min(), end) { Keys = keys, Zone = TimeZones.UnlessUtc(zone) };
        var costs = await reports.CostsAsync(scope, since, cancellationToken);
        return
        [
            .. costs.Select(days => days.ToDictionary(
                cost => cost.Key, cost => new Spent((long)Math.Ceiling(cost.Value.Dollars * MicroDollars), cost.Value.IsUnpriced), StringComparer.Ordinal)),
        ];
    }
}

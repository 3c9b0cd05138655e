using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Keys.Rosters;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Budgets;

/// <summary>What is left of budgets, by the ledger: of each key, of teams and of all. It is asked once for all calendar periods.</summary>
internal sealed class BudgetBoard(KeyDirectory directory, SpentSums ledger, TimeProvider time) : IDisposable
{
    private const string OfKey = "key";
    private const string OfTeam = "team";
    private const string OfAll = "total";

    // All usage there ever was is read for it: no more often than a gateway does, and no more than a twentieth of the time.
    private const int Rest = 20;
    private static readonly TimeSpan LeastHold = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private volatile Known? _all;

    /// <summary>The budgets of one or some keys, or all there are; that of which the largest part is spent comes first.</summary>
    /// <param name="key">A key's id; null for more than one. A key is told nothing of what it shares with others.</param>
    /// <param name="keys">The ids of the keys where there is no <paramref name="key"/>; null for all budgets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<BudgetUse>> ReadAsync(string? key, IReadOnlyList<string>? keys, CancellationToken cancellationToken)
    {
        var index = await directory.ReadAsync(cancellationToken);
        IReadOnlyList<string>? some = key is null ? keys : [key];
        Part[] budgets = [.. some is null ? All(index) : some.SelectMany(id => Of(index.Find(id)))];
        // Whoever told of this zone knew it. A billing service on a system without time zone data has UTC alone.
        var zone = TimeZones.Find(index.Shared.TimeZone) ?? TimeZoneInfo.Utc;
        var now = time.GetUtcNow();
        var windows = budgets.Select(budget => budget.Budget.Period).Distinct().ToDictionary(period => period, period => BudgetWindow.Of(period, now, zone));
        var spent = await SpentAsync(some, windows, zone, cancellationToken);
        var uses = Array.ConvertAll(budgets, one =>
        {
            var of = spent[one.Budget.Period];
            var used = one.Keys.Aggregate(default(Spent), (sum, member) => sum + of.GetValueOrDefault(member));
            var ends = windows[one.Budget.Period].End?.ToUnixTimeSeconds();
            return new BudgetUse(
                one.Name, new BudgetStatus(one.Scope, one.Budget.Period, one.Budget.MicroDollars, used.MicroDollars, ends), used.IsUnpriced, one.AlertAt);
        });
        Array.Sort(uses);
        return uses;
    }

    public void Dispose() => _asking.Dispose();

    private async Task<Dictionary<BudgetPeriod, IReadOnlyDictionary<string, Spent>>> SpentAsync(
        IReadOnlyList<string>? keys, Dictionary<BudgetPeriod, BudgetWindow> windows, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var spent = new Dictionary<BudgetPeriod, IReadOnlyDictionary<string, Spent>>();
        BudgetPeriod[] dated = [.. windows.Where(window => window.Value.Start is not null).Select(window => window.Key)];
        if (dated.Length > 0)
        {
            var sums = await ledger.SinceAsync(keys, Array.ConvertAll(dated, period => windows[period].Start!.Value), zone, cancellationToken);
            foreach (var (period, sum) in dated.Zip(sums))
            {
                spent.Add(period, sum);
            }
        }

        if (windows.ContainsKey(BudgetPeriod.Total))
        {
            spent.Add(BudgetPeriod.Total, keys is null ? await AllAsync(cancellationToken) : await ledger.AllAsync(keys, cancellationToken));
        }

        return spent;
    }

    // Those who come meanwhile take what the first one finds.
    private async Task<IReadOnlyDictionary<string, Spent>> AllAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_all is { } known && time.GetElapsedTime(known.At) < known.Holds)
            {
                return known.Spent;
            }

            var start = time.GetTimestamp();
            var spent = await ledger.AllAsync(null, cancellationToken);
            var rest = time.GetElapsedTime(start) * Rest;
            _all = new Known(spent, time.GetTimestamp(), rest > LeastHold ? rest : LeastHold);
            return spent;
        }
        finally
        {
            _asking.Release();
        }
    }

    private static IEnumerable<Part> All(KeyIndex index)
    {
        var shared = index.Shared;
        var teams = index.Keys.ToLookup(key => key.Team, key => key.Id, StringComparer.OrdinalIgnoreCase);
        // What a key spent that was taken away since is spent all the same.
        string[] everybody = [.. index.Keys.Select(key => key.Id), UsageDimensions.Anonymous];
        return
        [
            .. shared.Total.Select(budget => new Part(OfAll, "", budget, shared.AlertAt, everybody)),
            .. shared.Teams.SelectMany(team => team.Value.Select(budget => new Part(OfTeam, team.Key, budget, shared.AlertAt, [.. teams[team.Key]]))),
            .. index.Keys.SelectMany(Of),
        ];
    }

    private static IEnumerable<Part> Of(KeyFacts? key)
        => key is { IsInForce: true } ? key.Budgets.Select(budget => new Part(OfKey, key.Id, budget, key.AlertAt, [key.Id])) : [];

    private sealed record Part(string Scope, string Name, Budget Budget, IReadOnlyList<int> AlertAt, IReadOnlyList<string> Keys);

    private sealed record Known(IReadOnlyDictionary<string, Spent> Spent, long At, TimeSpan Holds);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenAIProxy.BillingService.Keys.Rosters;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>
/// Prices the ledger's rows, each at its day, before they are added up: a sum of tokens of several days or tiers has no price. The rows come
/// sorted, so that a group is done when the next one begins, and only one is in memory however many there are.
/// </summary>
internal sealed class UsageReports(UsageLedger ledger, LedgerDamage damage, PricesInForce prices, KeyDirectory directory)
{
    /// <summary>
    /// A report's rows, by day, then model, endpoint, key, end user, team, owner, as they are read: however many there are, none is kept. Days without
    /// usage have no row.
    /// Once the last row has been read, <paramref name="total"/> is all of it. How long calls took, <paramref name="timed"/>, costs as much again, and is
    /// not known of end users.
    /// </summary>
    public async IAsyncEnumerable<UsageReportRow> RowsAsync(
        ReportScope scope, GroupBy groupBy, FiguresSum total, bool timed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = groupBy.HasFlag(GroupBy.Key) ? await ledger.KeyNamesAsync(cancellationToken) : [];
        await foreach (var (group, sum) in SumsAsync(scope, groupBy, total, null, timed, cancellationToken))
        {
            yield return group.ToRow(sum.ToFigures()) with { KeyName = group.Key is { } key ? names.GetValueOrDefault(key) : null };
        }
    }

    /// <summary>A whole report, without times. Only for groups of which there are few: names that callers make up may be many.</summary>
    public async Task<UsageReport> CreateAsync(ReportScope scope, GroupBy groupBy, CancellationToken cancellationToken)
    {
        var total = new FiguresSum();
        var rows = new List<UsageReportRow>();
        await foreach (var row in RowsAsync(scope, groupBy, total, timed: false, cancellationToken))
        {
            rows.Add(row);
        }

        return new UsageReport(scope.Start, scope.End, rows, total.ToFigures());
    }

    /// <summary>
    /// The dearest groups, of which <paramref name="most"/> are told apart, and all others as one. Not by day. How long calls took,
    /// <paramref name="timed"/>, costs as much again.
    /// </summary>
    public async Task<Ranking> RankAsync(ReportScope scope, GroupBy groupBy, int most, bool timed, CancellationToken cancellationToken)
    {
        var ranking = new Ranking(most, ofModels: groupBy == GroupBy.Model);
        await foreach (var (group, sum) in SumsAsync(scope, groupBy, ranking.Total, ranking, timed, cancellationToken))
        {
            ranking.Add(group, sum);
        }

        return ranking;
    }

    /// <summary>The dearest keys, teams and owners, of each of which <paramref name="most"/> are told apart, in one go. Without times.</summary>
    public async Task<KeyRankings> RankKeysAsync(ReportScope scope, int most, CancellationToken cancellationToken)
    {
        var index = await directory.ReadAsync(cancellationToken);
        var (keys, teams, owners) = (new Ranking(most, ofModels: false), new HolderSums(index, GroupBy.Team), new HolderSums(index, GroupBy.Owner));
        await foreach (var (group, sum) in SumsAsync(scope, GroupBy.Key, keys.Total, null, timed: false, cancellationToken))
        {
            keys.Add(group, sum);
            teams.Of(group.Key!).Add(sum);
            owners.Of(group.Key!).Add(sum);
        }

        return new KeyRankings(keys, Rank(teams, keys.Total, most), Rank(owners, keys.Total, most));
    }

    /// <summary>What each key has cost since each of several days, in one go; keys that have used nothing since then are missing.</summary>
    /// <param name="scope">Whose usage; its first day is the first of <paramref name="since"/>.</param>
    /// <param name="since">The days.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Dictionary<string, KeyCost>>> CostsAsync(
        ReportScope scope, IReadOnlyList<DateOnly> since, CancellationToken cancellationToken)
    {
        var days = scope.Zone is { } zone ? new LocalDays(zone, scope.Start, scope.End) : null;
        var query = new LedgerQuery(scope.Key, scope.Start, scope.End, ByKey: false, ByEndpoint: false) { Keys = scope.Keys, KeepsKeys = true, Days = days };
        var book = prices.Book();
        var costs = since.Select(_ => new Dictionary<string, KeyCost>(StringComparer.Ordinal)).ToArray();
        await foreach (var row in ledger.RowsAsync(query, cancellationToken))
        {
            var (day, cost) = (ReportGroup.Day(row.What, days), book.Price(row.What, row.Counts));
            for (var i = 0; i < costs.Length; i++)
            {
                if (day >= since[i])
                {
                    ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(costs[i], row.What.Key, out _);
                    sum = new KeyCost(sum.Dollars + cost.Dollars, sum.IsUnpriced || cost.IsUnpriced);
                }
            }
        }

        return costs;
    }

    // Null if there is nothing but usage of nobody's keys.
    private static Ranking? Rank(HolderSums sums, FiguresSum total, int most)
    {
        var groups = sums.Groups(default).ToArray();
        if (groups.All(group => group.Group is { Team: null or "", Owner: null or "" }))
        {
            return null;
        }

        var ranking = new Ranking(most, ofModels: false);
        ranking.Total.Add(total);
        foreach (var (group, sum) in groups)
        {
            ranking.Add(group, sum);
        }

        return ranking;
    }

    private async IAsyncEnumerable<(ReportGroup Group, FiguresSum Sum)> SumsAsync(
        ReportScope scope, GroupBy groupBy, FiguresSum total, Ranking? ranking, bool timed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var days = scope.Zone is { } zone ? new LocalDays(zone, scope.Start, scope.End) : null;
        var query = new LedgerQuery(scope.Key, scope.Start, scope.End, ByKey: groupBy.HasFlag(GroupBy.Key), ByEndpoint: groupBy.HasFlag(GroupBy.Endpoint))
        {
            Keys = scope.Keys,
            ByDay = groupBy.HasFlag(GroupBy.Day),
            ByModel = groupBy.HasFlag(GroupBy.Model),
            ByEndUser = groupBy.HasFlag(GroupBy.EndUser),
            KeepsKeys = (groupBy & GroupBy.Holder) != 0,
            Model = scope.Model,
            Days = days,
        };
        // One book for the whole report, whatever happens to the file meanwhile.
        var book = prices.Book();
        await using var rows = ledger.RowsAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var times = ledger.TimesAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var isTimed = timed && !query.ByEndUser && await times.MoveNextAsync();
        // The ledger sorts by all but whose the keys are.
        var sums = new HolderSums(query.KeepsKeys ? await directory.ReadAsync(cancellationToken) : null, groupBy);
        ReportGroup? current = null;
        while (await rows.MoveNextAsync())
        {
            var row = rows.Current;
            var group = ReportGroup.Of(row.What, groupBy, days);
            if (current != group)
            {
                if (current is { } done)
                {
                    await AddTimesAsync(done);
                    foreach (var sum in sums.Groups(done))
                    {
                        yield return sum;
                    }
                }

                current = group;
                sums.Clear();
            }

            var cost = book.Price(row.What, row.Counts);
            sums.Of(row.What.Key).Add(row, cost);
            total.Add(row, cost);
            ranking?.AddDay(ReportGroup.Day(row.What, days), row, cost);
        }

        if (current is { } last)
        {
            await AddTimesAsync(last);
            foreach (var sum in sums.Groups(last))
            {
                yield return sum;
            }
        }

        await AddTimesAsync(null);

        // Calls are timed once, under one model; without counts of its own such a row is no usage to show, but it is in the total.
        async ValueTask AddTimesAsync(ReportGroup? upTo)
        {
            while (isTimed && (upTo is not { } end || ReportGroup.Of(times.Current.What, groupBy).CompareTo(end) <= 0))
            {
                var row = times.Current;
                if (!total.AddTimes(row))
                {
                    damage.Found(ReportGroup.Day(row.What));
                }

                if (upTo is not null && ReportGroup.Of(row.What, groupBy) == upTo)
                {
                    sums.Find(row.What.Key)?.KeepTimes(row);
                }

                isTimed = await times.MoveNextAsync();
            }
        }
    }
}

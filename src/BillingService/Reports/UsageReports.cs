using OpenAIProxy.BillingService.Ledger;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Prices the ledger's rows, each at its day, before they are added up: a sum of tokens of several days or tiers has no price.</summary>
internal sealed class UsageReports(IUsageLedger ledger, PricesInForce prices) : IUsageReports
{
    public async Task<UsageReport> CreateAsync(string? key, DateOnly start, DateOnly end, GroupBy groupBy, CancellationToken cancellationToken)
        => (await CreateAsync(key, start, end, [groupBy], cancellationToken))[0];

    public async Task<IReadOnlyList<UsageReport>> CreateAsync(
        string? key, DateOnly start, DateOnly end, IReadOnlyList<GroupBy> groupings, CancellationToken cancellationToken)
    {
        var all = groupings.Aggregate((a, b) => a | b);
        var query = new LedgerQuery(key, start, end, ByKey: all.HasFlag(GroupBy.Key), ByEndpoint: all.HasFlag(GroupBy.Endpoint));
        var reading = ledger.ReadAsync(query, cancellationToken);
        var latencies = ledger.ReadLatencyAsync(query, cancellationToken);
        await Task.WhenAll(reading, latencies);

        // One book for the whole report, whatever happens to the file meanwhile.
        var book = prices.Book();
        var total = new FiguresSum();
        var sums = groupings.Select(g => new GroupSums(g)).ToArray();
        foreach (var row in await reading)
        {
            var cost = book.Price(row.What, row.Counts);
            total.Add(row, cost);
            Array.ForEach(sums, s => s.Add(row, cost));
        }

        foreach (var row in await latencies)
        {
            total.AddTimes(row);
            Array.ForEach(sums, s => s.AddTimes(row));
        }

        var figures = total.ToFigures();
        return Array.ConvertAll(sums, s => new UsageReport(start, end, s.ToRows(), figures));
    }
}

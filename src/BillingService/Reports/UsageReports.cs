using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Prices the ledger's rows, each at its day, before they are added up: a sum of tokens of several days or tiers has no price.</summary>
internal sealed class UsageReports(IUsageLedger ledger, PriceBook prices) : IUsageReports
{
    public async Task<UsageReport> CreateAsync(string? key, DateOnly start, DateOnly end, GroupBy groupBy, CancellationToken cancellationToken)
    {
        var query = new LedgerQuery(key, start, end, ByKey: groupBy.HasFlag(GroupBy.Key), ByEndpoint: groupBy.HasFlag(GroupBy.Endpoint));
        var reading = ledger.ReadAsync(query, cancellationToken);
        var latencies = ledger.ReadLatencyAsync(query, cancellationToken);
        await Task.WhenAll(reading, latencies);

        var total = new FiguresSum();
        var groups = new Dictionary<ReportGroup, FiguresSum>();
        foreach (var row in await reading)
        {
            var cost = prices.Price(row.What, row.Counts);
            total.Add(row, cost);
            SumOf(groups, ReportGroup.Of(row.What, groupBy)).Add(row, cost);
        }

        foreach (var row in await latencies)
        {
            total.AddTimes(row);
            // Calls are timed once, under one model; without counts of its own such a row is no usage to show.
            if (groups.TryGetValue(ReportGroup.Of(row.What, groupBy), out var sum))
            {
                sum.AddTimes(row);
            }
        }

        var rows = groups.OrderBy(g => g.Key).Select(g => g.Key.ToRow(g.Value.ToFigures())).ToArray();
        return new UsageReport(start, end, rows, total.ToFigures());
    }

    private static FiguresSum SumOf(Dictionary<ReportGroup, FiguresSum> groups, ReportGroup group)
    {
        if (!groups.TryGetValue(group, out var sum))
        {
            groups.Add(group, sum = new FiguresSum());
        }

        return sum;
    }
}

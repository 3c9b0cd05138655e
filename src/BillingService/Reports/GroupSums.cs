using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Adds a report's rows up.</summary>
internal sealed class GroupSums(GroupBy groupBy)
{
    private readonly Dictionary<ReportGroup, FiguresSum> _groups = [];

    public void Add(UsageRow row, Cost cost)
    {
        var group = ReportGroup.Of(row.What, groupBy);
        if (!_groups.TryGetValue(group, out var sum))
        {
            _groups.Add(group, sum = new FiguresSum());
        }

        sum.Add(row, cost);
    }

    public void AddTimes(UsageRow row)
    {
        // Calls are timed once, under one model; without counts of its own such a row is no usage to show.
        if (_groups.TryGetValue(ReportGroup.Of(row.What, groupBy), out var sum))
        {
            sum.AddTimes(row);
        }
    }

    public UsageReportRow[] ToRows() => [.. _groups.OrderBy(g => g.Key).Select(g => g.Key.ToRow(g.Value.ToFigures()))];
}

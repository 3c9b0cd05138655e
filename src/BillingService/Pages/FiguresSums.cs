using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Adds figures up. Times can't be added; sums have none.</summary>
internal static class FiguresSums
{
    /// <summary>Of a day without usage.</summary>
    public static readonly UsageFigures None = new(new UsageCounts());

    public static UsageFigures Sum(this IEnumerable<UsageFigures> figures)
    {
        var sum = figures.Aggregate(None, Add);
        // What was free has the price $0; beside usage without a price that would look as if it were its price.
        return sum is { IsUnpriced: true, Dollars: 0m } ? sum with { Dollars = null } : sum;
    }

    private static UsageFigures Add(UsageFigures a, UsageFigures b)
    {
        var counts = a.Counts with { };
        counts.Add(b.Counts);
        return new UsageFigures(counts)
        {
            EstimatedRequests = a.EstimatedRequests + b.EstimatedRequests,
            UnpricedRequests = a.UnpricedRequests + b.UnpricedRequests,
            AudioSeconds = a.AudioSeconds + b.AudioSeconds,
            VideoSeconds = a.VideoSeconds + b.VideoSeconds,
            Characters = a.Characters + b.Characters,
            Images = a.Images + b.Images,
            ToolCalls = a.ToolCalls + b.ToolCalls,
            Dollars = a.Dollars is null && b.Dollars is null ? null : (a.Dollars ?? 0m) + (b.Dollars ?? 0m),
            EstimatedDollars = a.EstimatedDollars + b.EstimatedDollars,
            IsUnpriced = a.IsUnpriced || b.IsUnpriced,
        };
    }
}

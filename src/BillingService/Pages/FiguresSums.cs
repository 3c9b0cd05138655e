using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Adds figures up. Times can't be added; sums have none.</summary>
internal static class FiguresSums
{
    /// <summary>Of a day without usage.</summary>
    public static readonly UsageFigures None = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0m, 0, 0, 0, null, 0m, false, null, null, null, null);

    public static UsageFigures Sum(this IEnumerable<UsageFigures> figures)
    {
        var sum = figures.Aggregate(None, Add);
        // What was free has the price $0; beside usage without a price that would look as if it were its price.
        return sum is { IsUnpriced: true, Dollars: 0m } ? sum with { Dollars = null } : sum;
    }

    /// <summary>All tokens.</summary>
    public static long Tokens(this UsageFigures figures) => figures.Input + figures.Output;

    private static UsageFigures Add(UsageFigures a, UsageFigures b) => new(
        a.Requests + b.Requests, a.Errors + b.Errors, a.Cut + b.Cut,
        a.EstimatedRequests + b.EstimatedRequests, a.UnpricedRequests + b.UnpricedRequests,
        a.Input + b.Input, a.CachedInput + b.CachedInput, a.CacheWrite + b.CacheWrite, a.AudioInput + b.AudioInput, a.ImageInput + b.ImageInput,
        a.Output + b.Output, a.ReasoningOutput + b.ReasoningOutput, a.AudioOutput + b.AudioOutput, a.ImageOutput + b.ImageOutput,
        a.AudioSeconds + b.AudioSeconds, a.Characters + b.Characters, a.Images + b.Images, a.ToolCalls + b.ToolCalls,
        a.Dollars is null && b.Dollars is null ? null : (a.Dollars ?? 0m) + (b.Dollars ?? 0m),
        a.EstimatedDollars + b.EstimatedDollars, a.IsUnpriced || b.IsUnpriced, null, null, null, null)
    {
        VideoSeconds = a.VideoSeconds + b.VideoSeconds,
        CacheWrite12h = a.CacheWrite12h + b.CacheWrite12h,
    };
}

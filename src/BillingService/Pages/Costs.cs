using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Writes costs, and says with them what must not be kept quiet: that a part has no price, that a part is estimated.</summary>
internal static class Costs
{
    /// <summary>What usage cost. Usage without a price never costs $0.</summary>
    public static Cell Cell(UsageFigures figures, Words words)
    {
        if (figures.Counts.Requests == 0 || figures.Dollars is not { } dollars)
        {
            return figures.IsUnpriced ? new Cell(words.Unpriced) { Style = CostCharts.UnpricedStyle } : Empty;
        }

        var notes = (string?[])
        [
            figures.IsUnpriced ? words.UnpricedPart : null,
            figures.EstimatedDollars > 0m ? Words.Fill(words.EstimatedPart, Numbers.Money(figures.EstimatedDollars)) : null,
        ];
        var note = string.Join("; ", notes.Where(n => n is not null));
        return new Cell(Numbers.Money(dollars), Numbers.Exact(dollars), note.Length > 0 ? note : null);
    }

    /// <summary>Where there was no usage.</summary>
    public static Cell Empty { get; } = new("–");
}

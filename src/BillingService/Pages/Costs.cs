using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Writes costs, and says with them what must not be kept quiet: that a part has no price, that a part is estimated.</summary>
internal static class Costs
{
    private const string About = "~";

    /// <summary>Where there was no usage.</summary>
    public static Cell Empty { get; } = new("–");

    /// <summary>What usage cost, in cents, so that the figures of a column stand below each other. Usage without a price never costs $0.</summary>
    public static Cell Cell(UsageFigures figures, Words words)
    {
        if (figures.Dollars is not { } dollars || IsNothing(figures, dollars))
        {
            return figures.IsUnpriced ? new Cell(words.Unpriced) { Style = CostCharts.UnpricedStyle } : Empty;
        }

        var isEstimated = figures.EstimatedDollars > 0m;
        var exact = "$" + Numbers.Exact(dollars);
        return new Cell((isEstimated ? About : "") + Numbers.Cents(dollars), Numbers.Exact(dollars), figures.IsUnpriced ? words.UnpricedPart : null)
        {
            Title = isEstimated ? $"{exact}; {Words.Fill(words.EstimatedPart, Numbers.Money(figures.EstimatedDollars))}" : exact,
        };
    }

    /// <summary>The same alone on its place, with as many digits as it needs to be seen.</summary>
    public static Cell Single(UsageFigures figures, Words words)
    {
        var cell = Cell(figures, words);
        return cell is { Exact: not null, Style: null } && figures.Dollars is { } dollars ? cell with { Text = Numbers.Money(dollars), Note = null } : cell;
    }

    /// <summary>A part of a day's cost.</summary>
    public static Cell Dollars(decimal dollars)
        => dollars == 0m ? Empty : new Cell(Numbers.Cents(dollars), Numbers.Exact(dollars)) { Title = "$" + Numbers.Exact(dollars) };

    /// <summary>What <c>~</c> means, below a table that has one; else null.</summary>
    public static string? Footnote(IEnumerable<Row> rows, Words words)
        => rows.SelectMany(row => row.Cells).Any(cell => cell.Exact is not null && cell.Text.StartsWith(About, StringComparison.Ordinal))
            ? words.EstimatedMark
            : null;

    // Calls that all failed cost nothing, which is no price.
    private static bool IsNothing(UsageFigures figures, decimal dollars) => dollars == 0m && figures.Counts.Requests == figures.Counts.Errors;
}

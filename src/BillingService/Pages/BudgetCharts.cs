using System.Globalization;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Budgets;
using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The bars of budgets: how much of each is spent, and what is left.</summary>
/// <param name="links">Where the page leads.</param>
/// <param name="names">How the keys are shown.</param>
/// <param name="isOfAll">True if the page is of all keys, and leads to each.</param>
internal sealed class BudgetCharts(PageLinks links, KeyNames names, bool isOfAll)
{
    private const int CalmStyle = 0;
    private const int NearStyle = 2;
    private const int SpentStyle = 11;
    private const string OfKey = "key";
    private const string OfTeam = "team";
    private const double LeastWidth = 0.5;
    private const double MostWidth = 100;

    private readonly Words _words = links.Frame.Words;

    /// <summary>A bar for each budget; null if there are none.</summary>
    /// <param name="budgets">The budgets, the most important first.</param>
    /// <param name="most">How many are told apart.</param>
    public ChartView? Of(IReadOnlyList<BudgetUse> budgets, int most)
    {
        if (budgets.Count == 0)
        {
            return null;
        }

        var shown = budgets.Take(most).ToArray();
        var rows = shown.Select(budget => new Row(NameOf(budget), Cells(budget)) { Link = LinkOf(budget), Whole = WholeOf(budget) }).ToArray();
        return new ChartView("budgets", _words.Budgets, _words.Budgets, [], new TableView(
            "budgets-table", _words.Budgets, [_words.Budget, _words.Used, _words.Left, _words.Amount, _words.PartUsed, _words.Resets], rows))
        {
            Note = budgets.Count > shown.Length ? Words.Fill(_words.MoreBudgets, Numbers.Count(budgets.Count - shown.Length)) : null,
            Bars = new BarChart([.. shown.Select(Bar)]),
            // Of many, the bars say the most.
            IsTableOpen = !isOfAll,
        };
    }

    private Bar Bar(BudgetUse budget)
    {
        var (used, limit) = (budget.Status.Used, budget.Status.Limit);
        var text = _words.UsedOf.Replace("{0}", UsedCell(budget).Text, StringComparison.Ordinal)
            .Replace("{1}", Numbers.Cents(Money.OfMicroDollars(limit)), StringComparison.Ordinal)
            .Replace("{2}", Numbers.Share(used, limit), StringComparison.Ordinal);
        var width = used == 0 ? 0 : Math.Clamp(MostWidth * used / limit, LeastWidth, MostWidth);
        return new Bar(
            new BarValue(NameOf(budget), StyleOf(budget), Money.OfMicroDollars(used), text) { Link = LinkOf(budget), Whole = WholeOf(budget) },
            Numbers.Length(width, "%"));
    }

    private static int StyleOf(BudgetUse budget)
    {
        if (budget.IsSpent)
        {
            return SpentStyle;
        }

        return budget.IsNearlySpent ? NearStyle : CalmStyle;
    }

    private Cell[] Cells(BudgetUse budget) =>
    [
        UsedCell(budget), Amount(budget.Status.Remaining), Amount(budget.Status.Limit), Share(budget.Status),
        new Cell(budget.Status.ResetsAt is { } resets ? TimeText(resets) : _words.Never) { IsText = true },
    ];

    // What has no price is not $0.
    private Cell UsedCell(BudgetUse budget)
        => budget is { IsUnpriced: true, Status.Used: 0 }
            ? new Cell(_words.Unpriced) { Style = CostCharts.UnpricedStyle }
            : Amount(budget.Status.Used) with { Note = budget.IsUnpriced ? _words.UnpricedPart : null };

    private static Cell Amount(long microDollars)
    {
        var dollars = Money.OfMicroDollars(microDollars);
        return new Cell(Numbers.Cents(dollars), Numbers.Exact(dollars)) { Title = "$" + Numbers.Exact(dollars) };
    }

    private static Cell Share(BudgetStatus budget)
        => new(Numbers.Share(budget.Used, budget.Limit), Numbers.Exact(100m * budget.Used / budget.Limit));

    private string TimeText(long unix) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(unix), links.Range.Zone)
        .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private string NameOf(BudgetUse budget)
    {
        var who = budget.Status.Scope switch
        {
            OfKey => names.Of(budget.Name),
            OfTeam => Words.Fill(_words.OneTeam, budget.Name),
            _ => _words.AllCallers,
        };
        return _words.BudgetOf.Replace("{0}", who, StringComparison.Ordinal).Replace("{1}", _words.Periods[budget.Status.Period], StringComparison.Ordinal);
    }

    private string? LinkOf(BudgetUse budget) => budget.Status.Scope == OfKey && isOfAll ? links.ToKey(budget.Name) : null;

    private static string? WholeOf(BudgetUse budget) => budget.Status.Scope == OfKey ? budget.Name : null;
}

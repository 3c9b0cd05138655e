using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The charts of cost: by day and model, and by key.</summary>
internal sealed class CostCharts(Frame frame, RangeView range, IReadOnlyList<DateOnly> days)
{
    /// <summary>How many models have a pattern of their own.</summary>
    public const int MostModels = 8;

    /// <summary>The pattern of all others.</summary>
    public const int OtherStyle = MostModels;

    /// <summary>The pattern of usage without a price.</summary>
    public const int UnpricedStyle = 9;

    /// <summary>The pattern of estimated usage.</summary>
    public const int EstimatedStyle = 10;

    private const int MostKeys = 20;

    private readonly Words _words = frame.Words;

    /// <summary>Cost per day, stacked by model; of a single day, a bar for each model.</summary>
    /// <param name="rows">Usage by day and model.</param>
    public ChartView ByModel(IReadOnlyList<UsageReportRow> rows)
    {
        var byDay = rows.ToLookup(r => r.Day!.Value, r => r);
        var sums = days.Select(day => byDay[day].Select(r => r.Figures).Sum()).ToArray();
        var series = Stack(rows, byDay);
        var marks = (DayMarks[])
        [
            new(_words.Unpriced, UnpricedStyle, [.. sums.Select(s => s.IsUnpriced)]),
            new(_words.Estimated, EstimatedStyle, [.. sums.Select(s => s.EstimatedRequests > 0 || s.EstimatedDollars > 0m)]),
        ];
        var total = sums.Sum();
        var title = days.Count == 1 ? _words.CostByModel : _words.CostPerDayByModel;
        return new ChartView("cost", title, Describe(title, Total(total)), Legend(days.Count == 1 ? [] : series, marks), Table(title, series, sums, total))
        {
            Columns = days.Count == 1 ? null : ColumnChart.Draw(days, series, marks, 0.000_000_01m, Numbers.BriefMoney, _words.ShortDay, Numbers.Money),
            Bars = days.Count == 1 ? BarChart.Draw([.. series.Select(s => (s.Name, s.Style, s.Total, Numbers.Money(s.Total)))]) : null,
        };
    }

    /// <summary>A bar for each key.</summary>
    /// <param name="rows">Usage by key.</param>
    public ChartView ByKey(IReadOnlyList<UsageReportRow> rows)
    {
        var sorted = rows.OrderByDescending(r => r.Figures.Dollars ?? 0m).ThenByDescending(r => r.Figures.Requests).ToArray();
        var bars = sorted.Take(MostKeys).Select(r => (NameOfKey(r.Key!, _words), r.Figures.Dollars is null ? UnpricedStyle : 0, r.Figures.Dollars ?? 0m,
            Costs.Cell(r.Figures, _words).Text)).ToArray();
        var total = rows.Select(r => r.Figures).Sum();
        return new ChartView("keys", _words.ByKey, Describe(_words.ByKey, Total(total)), [], new TableView(
            "keys-table", _words.ByKey, [_words.Key, _words.Requests, _words.Errors, _words.Tokens, _words.Cost],
            [.. sorted.Select(r => new Row(NameOfKey(r.Key!, _words), Cells(r.Figures)) { Link = frame.Link("", [.. range.Query, ("key", r.Key)]) })],
            new Row(_words.Total, Cells(total))))
        {
            Bars = BarChart.Draw(bars),
            IsTableOpen = true,
        };
    }

    /// <summary>How a key is called.</summary>
    public static string NameOfKey(string key, Words words) => key == Contracts.UsageDimensions.Anonymous ? words.Anonymous : key;

    /// <summary>How a model is called.</summary>
    public static string NameOfModel(string model, Words words) => model.Length == 0 ? words.NoModel : model;

    private List<Series> Stack(IReadOnlyList<UsageReportRow> rows, ILookup<DateOnly, UsageReportRow> byDay)
    {
        var models = rows.GroupBy(r => r.Model!).Select(g => (Model: g.Key, Dollars: g.Sum(r => r.Figures.Dollars ?? 0m)))
            .Where(m => m.Dollars > 0m).OrderByDescending(m => m.Dollars).ThenBy(m => m.Model, StringComparer.Ordinal).Select(m => m.Model).ToArray();
        var series = models.Take(MostModels).Select((model, i) => new Series(NameOfModel(model, _words), i, Dollars(byDay, m => m == model))).ToList();
        if (models.Length > MostModels)
        {
            var others = models.Skip(MostModels).ToHashSet();
            series.Add(new Series(_words.OtherModels, OtherStyle, Dollars(byDay, others.Contains)));
        }

        return series;
    }

    private decimal[] Dollars(ILookup<DateOnly, UsageReportRow> byDay, Func<string, bool> isOne)
        => [.. days.Select(day => byDay[day].Where(r => isOne(r.Model!)).Sum(r => r.Figures.Dollars ?? 0m))];

    private List<LegendEntry> Legend(List<Series> series, DayMarks[] marks) =>
    [
        .. series.Select(s => new LegendEntry(s.Style, s.Name, Numbers.Money(s.Total))),
        .. marks.Where(m => m.Days.Contains(true)).Select(m => new LegendEntry(m.Style, m.Style == UnpricedStyle ? _words.UnpricedUsage : _words.EstimatedUsage, "")),
    ];

    private TableView Table(string caption, List<Series> series, UsageFigures[] sums, UsageFigures total) => new(
        "cost-table", caption, [_words.Day, _words.Total, .. series.Select(s => s.Name)],
        [.. days.Select((day, i) => new Row(Numbers.Day(day), [Costs.Cell(sums[i], _words), .. series.Select(s => Dollars(s.Values[i]))]))],
        new Row(_words.Total, [Costs.Cell(total, _words), .. series.Select(s => Dollars(s.Total))]));

    private static Cell Dollars(decimal dollars) => dollars == 0m ? Costs.Empty : new Cell(Numbers.Money(dollars), Numbers.Exact(dollars));

    private Cell[] Cells(UsageFigures figures) =>
    [
        Counts.Cell(figures.Requests), Counts.Cell(figures.Errors), Counts.Cell(figures.Tokens()), Costs.Cell(figures, _words),
    ];

    private string Describe(string title, string total) => Counts.Describe(_words, title, days, total);

    private string Total(UsageFigures figures) => $"{_words.Total}: {Text(Costs.Cell(figures, _words))}";

    private static string Text(Cell cell) => cell.Note is null ? cell.Text : $"{cell.Text} ({cell.Note})";
}

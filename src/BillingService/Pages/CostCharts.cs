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

    private readonly Words _words = frame.Words;

    /// <summary>Cost per day, stacked by model; of a single day, a bar for each model.</summary>
    /// <param name="models">Usage by model.</param>
    public ChartView ByModel(Ranking models)
    {
        var sums = days.Select(day => models.Day(day) ?? FiguresSums.None).ToArray();
        var series = Stack(models, sums);
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
    /// <param name="keys">Usage by key.</param>
    public ChartView ByKey(Ranking keys)
    {
        var top = keys.Top().Select(k => (k.Name, Figures: k.Sum.ToFigures())).ToArray();
        var bars = top.Select(k => (NameOfKey(k.Name, _words), k.Figures.Dollars is null ? UnpricedStyle : 0, k.Figures.Dollars ?? 0m,
            Costs.Cell(k.Figures, _words).Text)).ToList();
        var rows = top.Select(k => new Row(NameOfKey(k.Name, _words), Cells(k.Figures)) { Link = frame.Link("", [.. range.Query, ("key", k.Name)]) }).ToList();
        if (keys.RestCount > 0)
        {
            var rest = keys.Rest;
            bars.Add((NameOfRest(keys.RestCount, _words), OtherStyle, rest.Dollars ?? 0m, Costs.Cell(rest, _words).Text));
            rows.Add(new Row(NameOfRest(keys.RestCount, _words), Cells(rest)));
        }

        var total = keys.Total.ToFigures();
        return new ChartView("keys", _words.ByKey, Describe(_words.ByKey, Total(total)), [], new TableView(
            "keys-table", _words.ByKey, [_words.Key, _words.Requests, _words.Errors, _words.Tokens, _words.Cost], rows, new Row(_words.Total, Cells(total))))
        {
            Bars = BarChart.Draw(bars),
            IsTableOpen = true,
        };
    }

    /// <summary>How a key is called.</summary>
    public static string NameOfKey(string key, Words words) => key == Contracts.UsageDimensions.Anonymous ? words.Anonymous : key;

    /// <summary>How a model is called.</summary>
    public static string NameOfModel(string model, Words words) => model.Length == 0 ? words.NoModel : model;

    /// <summary>How those are called that are not told apart.</summary>
    public static string NameOfRest(int count, Words words) => Words.Fill(words.Others, Numbers.Count(count));

    private List<Series> Stack(Ranking models, UsageFigures[] sums)
    {
        var dear = models.Top().Where(m => m.Sum.Weight.Dollars > 0m).Take(MostModels).ToArray();
        var series = dear.Select((m, i) => new Series(NameOfModel(m.Name, _words), i, [.. days.Select(day => m.Days.GetValueOrDefault(day))])).ToList();
        decimal[] others = [.. days.Select((day, i) => (sums[i].Dollars ?? 0m) - dear.Sum(m => m.Days.GetValueOrDefault(day)))];
        if (others.Any(dollars => dollars > 0m))
        {
            series.Add(new Series(_words.OtherModels, OtherStyle, others));
        }

        return series;
    }

    private List<LegendEntry> Legend(List<Series> series, DayMarks[] marks) =>
    [
        .. series.Select(s => new LegendEntry(s.Style, s.Name, Numbers.Money(s.Total))),
        .. marks.Where(m => m.Days.Contains(true))
            .Select(m => new LegendEntry(m.Style, m.Style == UnpricedStyle ? _words.UnpricedUsage : _words.EstimatedUsage, "")),
    ];

    private TableView Table(string caption, List<Series> series, UsageFigures[] sums, UsageFigures total) => new(
        "cost-table", caption, [_words.Day, _words.Total, .. series.Select(s => s.Name)],
        [.. days.Select((day, i) => new Row(Numbers.Day(day), [Costs.Cell(sums[i], _words), .. series.Select(s => Dollars(s.Values[i]))]))],
        new Row(_words.Total, [Costs.Cell(total, _words), .. series.Select(s => Dollars(s.Total))]));

    private static Cell Dollars(decimal dollars) => dollars == 0m ? Costs.Empty : new Cell(Numbers.Money(dollars), Numbers.Exact(dollars));

    private Cell[] Cells(UsageFigures figures) =>
    [
        Counts.Cell(figures.Counts.Requests), Counts.Cell(figures.Counts.Errors), Counts.Cell(figures.Tokens), Costs.Cell(figures, _words),
    ];

    private string Describe(string title, string total) => Counts.Describe(_words, title, days, total);

    private string Total(UsageFigures figures) => $"{_words.Total}: {Text(Costs.Cell(figures, _words))}";

    private static string Text(Cell cell) => cell.Note is null ? cell.Text : $"{cell.Text} ({cell.Note})";
}

using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The charts of cost: by day and model, by key, and by whose the keys are.</summary>
internal sealed class CostCharts(PageLinks links, DaySums days)
{
    /// <summary>How many models have a pattern of their own.</summary>
    public const int MostModels = 8;

    /// <summary>The pattern of all others.</summary>
    public const int OtherStyle = MostModels;

    /// <summary>The pattern of usage without a price.</summary>
    public const int UnpricedStyle = 9;

    /// <summary>The pattern of estimated usage.</summary>
    public const int EstimatedStyle = 10;

    private readonly Words _words = links.Frame.Words;

    /// <summary>Cost per day, stacked by model; of a single day, a bar for each model.</summary>
    /// <param name="models">Usage by model.</param>
    public ChartView ByModel(Ranking models)
    {
        var series = Stack(models);
        var marks = (DayMarks[])
        [
            new(_words.Unpriced, UnpricedStyle, [.. days.Sums.Select(s => s.IsUnpriced)]),
            new(_words.Estimated, EstimatedStyle, [.. days.Sums.Select(s => s.EstimatedRequests > 0 || s.EstimatedDollars > 0m)]),
        ];
        var title = days.Title(_words.CostByModel, _words.CostPerDayByModel);
        return new ChartView("cost", title, Describe(title), Legend(days.IsOneDay ? [] : series, marks), Table(title, series))
        {
            Columns = days.IsOneDay ? null : ColumnChart.Draw(
                days.Days, series, marks, 0.000_000_01m, Numbers.BriefMoney, _words.ShortDay, Numbers.Money, links.ToDay),
            Bars = days.IsOneDay
                ? BarChart.Draw([.. series.Select(s => new BarValue(s.Name, s.Style, s.Total, Numbers.Cents(s.Total)) { Link = s.Link })]) : null,
        };
    }

    /// <summary>A bar for each key.</summary>
    /// <param name="keys">Usage by key.</param>
    /// <param name="names">How the keys are shown.</param>
    public ChartView ByKey(Ranking keys, KeyNames names)
        => Bars("keys", _words.ByKey, _words.Key, keys, key => new Row(names.Of(key), []) { Link = links.ToKey(key), Whole = key });

    /// <summary>A bar for each team.</summary>
    public ChartView ByTeam(Ranking teams)
        => Bars("teams", _words.ByTeam, _words.Team, teams, team => new Row(team.Length == 0 ? _words.NoTeam : team, []));

    /// <summary>A bar for each owner.</summary>
    public ChartView ByOwner(Ranking owners)
        => Bars("owners", _words.ByOwner, _words.Owner, owners, owner => new Row(owner.Length == 0 ? _words.NoOwner : owner, []));

    /// <summary>How a model is called.</summary>
    public static string NameOfModel(string model, Words words) => model.Length == 0 ? words.NoModel : model;

    /// <summary>How those are called that are not told apart.</summary>
    public static string NameOfRest(int count, Words words) => Words.Fill(words.Others, Numbers.Count(count));

    private ChartView Bars(string id, string title, string head, Ranking groups, Func<string, Row> rowOf)
    {
        var bars = new List<BarValue>();
        var rows = new List<Row>();
        foreach (var group in groups.Top())
        {
            var (figures, row) = (group.Sum.ToFigures(), rowOf(group.Name));
            bars.Add(Bar(row.Head, figures.Dollars is null ? UnpricedStyle : 0, figures) with { Whole = row.Whole, Link = row.Link });
            rows.Add(row with { Cells = Cells(figures) });
        }

        if (groups.RestCount > 0)
        {
            var (rest, name) = (groups.Rest, NameOfRest(groups.RestCount, _words));
            bars.Add(Bar(name, OtherStyle, rest));
            rows.Add(new Row(name, Cells(rest)));
        }

        var total = groups.Total.ToFigures();
        return new ChartView(id, title, Describe(title), [], new TableView(
            id + "-table", title, [head, _words.Cost, _words.Requests, _words.Errors, _words.Tokens], rows, new Row(_words.Total, Cells(total)))
        {
            Footnote = Costs.Footnote(rows, _words),
        })
        {
            Bars = BarChart.Draw(bars),
            IsTableOpen = true,
        };
    }

    private BarValue Bar(string name, int style, UsageFigures figures) => new(name, style, figures.Dollars ?? 0m, Text(Costs.Cell(figures, _words)));

    private List<Series> Stack(Ranking models)
    {
        var dear = models.Top().Where(m => m.Sum.Weight.Dollars > 0m).Take(MostModels).ToArray();
        var series = dear.Select((m, i) => new Series(NameOfModel(m.Name, _words), i, [.. days.Days.Select(day => m.Days.GetValueOrDefault(day))])
        {
            Link = links.ToModel(m.Name),
        }).ToList();
        decimal[] others = [.. days.Days.Select((day, i) => (days.Sums[i].Dollars ?? 0m) - dear.Sum(m => m.Days.GetValueOrDefault(day)))];
        if (others.Any(dollars => dollars > 0m))
        {
            series.Add(new Series(_words.OtherModels, OtherStyle, others));
        }

        return series;
    }

    private List<LegendEntry> Legend(List<Series> series, DayMarks[] marks) =>
    [
        .. series.Select(s => new LegendEntry(s.Style, s.Name, Numbers.Cents(s.Total)) { Link = s.Link }),
        .. marks.Where(m => m.Days.Contains(true))
            .Select(m => new LegendEntry(m.Style, m.Style == UnpricedStyle ? _words.UnpricedUsage : _words.EstimatedUsage, "")),
    ];

    private TableView Table(string caption, List<Series> series)
    {
        var rows = days.Used.Reverse()
            .Select(i => new Row(Numbers.Day(days.Days[i]), [Costs.Cell(days.Sums[i], _words), .. series.Select(s => Costs.Dollars(s.Values[i]))])
            {
                Link = links.ToDay(days.Days[i]),
            }).ToArray();
        return new TableView(
            "cost-table", caption, [_words.Day, _words.Total, .. series.Select(s => s.Name)], rows,
            new Row(_words.Total, [Costs.Cell(days.Total, _words), .. series.Select(s => Costs.Dollars(s.Total))]))
        {
            Footnote = Costs.Footnote(rows, _words),
        };
    }

    private Cell[] Cells(UsageFigures figures) =>
    [
        Costs.Cell(figures, _words), Counts.Cell(figures.Counts.Requests), Counts.Cell(figures.Counts.Errors), Counts.Cell(figures.Tokens),
    ];

    private string Describe(string title) => Counts.Describe(_words, title, days.Days, $"{_words.Total}: {Text(Costs.Cell(days.Total, _words))}");

    private static string Text(Cell cell) => cell.Note is null ? cell.Text : $"{cell.Text} ({cell.Note})";
}

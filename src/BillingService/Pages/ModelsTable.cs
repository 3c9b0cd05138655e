using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The table by model.</summary>
internal static class ModelsTable
{
    public static TableView Of(Ranking models, PageLinks links)
    {
        var words = links.Frame.Words;
        var rows = models.Models().Select(m => new Row(CostCharts.NameOfModel(m.Name, words), Cells(m.Sum.ToFigures()))
        {
            Link = links.ToModel(m.Name),
            Note = m.AskedAs is { } asked ? Texts.Words.Fill(words.AskedAs, asked) : null,
        }).ToList();
        if (models.RestCount > 0)
        {
            rows.Add(new Row(CostCharts.NameOfRest(models.RestCount, words), Cells(models.Rest)));
        }

        return new TableView(
            "models-table", words.ByModel,
            [
                words.Model, words.Cost, words.Requests, words.Errors,
                words.TokenKinds[CountKind.Input], words.TokenKinds[CountKind.CachedInput], words.TokenKinds[CountKind.Output],
                $"{words.Duration} p50", $"{words.Duration} p95", $"{words.BriefFirstToken} p50", $"{words.BriefFirstToken} p95",
            ],
            rows,
            new Row(words.Total, Cells(models.Total.ToFigures())))
        {
            Footnote = Costs.Footnote(rows, words),
        };

        Cell[] Cells(UsageFigures figures) =>
        [
            Costs.Cell(figures, words), Counts.Cell(figures.Counts.Requests), Counts.Cell(figures.Counts.Errors),
            Counts.Cell(figures.Counts.Input), Counts.Cell(figures.Counts.CachedInput), Counts.Cell(figures.Counts.Output),
            Counts.Time(figures.DurationP50), Counts.Time(figures.DurationP95), Counts.Time(figures.FirstTokenP50), Counts.Time(figures.FirstTokenP95),
        ];
    }
}

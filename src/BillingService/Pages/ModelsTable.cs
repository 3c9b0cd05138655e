using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The table by model.</summary>
internal static class ModelsTable
{
    /// <param name="models">The models.</param>
    /// <param name="links">Where the page leads.</param>
    /// <param name="shutdown">The day on which a model will be shut down, if that is soon.</param>
    public static TableView Of(Ranking models, PageLinks links, Func<string, DateOnly?> shutdown)
    {
        var words = links.Frame.Words;
        var rows = models.Models().Select(m => new Row(CostCharts.NameOfModel(m.Name, words), Cells(m.Sum.ToFigures()))
        {
            Link = links.ToModel(m.Name),
            Note = Note(m.AskedAs, shutdown(m.Name), words),
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

        static string? Note(string? askedAs, DateOnly? shutdown, Words words)
        {
            string?[] notes =
            [
                askedAs is null ? null : Words.Fill(words.AskedAs, askedAs), shutdown is { } day ? Words.Fill(words.ShutsDown, DateRange.Text(day)) : null,
            ];
            var said = string.Join(" · ", notes.OfType<string>());
            return said.Length == 0 ? null : said;
        }

        Cell[] Cells(UsageFigures figures) =>
        [
            Costs.Cell(figures, words), Counts.Cell(figures.Counts.Requests), Counts.Cell(figures.Counts.Errors),
            Counts.Cell(figures.Counts.Input), Counts.Cell(figures.Counts.CachedInput), Counts.Cell(figures.Counts.Output),
            Counts.Time(figures.DurationP50), Counts.Time(figures.DurationP95), Counts.Time(figures.FirstTokenP50), Counts.Time(figures.FirstTokenP95),
        ];
    }
}

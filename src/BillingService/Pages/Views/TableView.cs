namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>A table of figures.</summary>
/// <param name="Id">Its id on the page.</param>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">The head of each column, that of the rows' heads first.</param>
/// <param name="Rows">The lines.</param>
/// <param name="Total">The first line; null for none.</param>
public sealed record TableView(string Id, string Caption, IReadOnlyList<string> Columns, IReadOnlyList<Row> Rows, Row? Total = null)
{
    /// <summary>What a sign in the table means, in a sentence below it; null for nothing.</summary>
    public string? Footnote { get; init; }
}

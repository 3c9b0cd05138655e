using OpenAIProxy.BillingService.Pages.Charts;

namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>A chart and its figures.</summary>
/// <param name="Id">Its id on the page.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Description">The same in a sentence with its main figures, for those who can't see it.</param>
/// <param name="Legend">What its patterns stand for, but for those that have their name beside them.</param>
/// <param name="Table">Its figures.</param>
public sealed record ChartView(string Id, string Title, string Description, IReadOnlyList<LegendEntry> Legend, TableView Table)
{
    /// <summary>Columns over days; null for a chart of bars.</summary>
    public ColumnChart? Columns { get; init; }

    /// <summary>Bars one below the other; null for a chart of columns.</summary>
    public BarChart? Bars { get; init; }

    /// <summary>What is not drawn, in a sentence below; null if nothing is missing.</summary>
    public string? Note { get; init; }

    /// <summary>True if there is nothing to draw.</summary>
    public bool IsEmpty => Columns is not { IsEmpty: false } && Bars is not { Bars.Count: > 0 };

    /// <summary>True if its table is seen at once; else it opens on demand.</summary>
    public bool IsTableOpen { get; init; }
}

namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>The usage page.</summary>
/// <param name="Frame">Its frame.</param>
/// <param name="Range">The days it shows.</param>
/// <param name="Viewer">Whose usage it shows, in words.</param>
/// <param name="Filter">Which part of that it shows.</param>
/// <param name="Tiles">The summary.</param>
/// <param name="Charts">The charts, the most important first.</param>
/// <param name="Models">The table by model; null if there is no usage.</param>
public sealed record UsageView(
    Frame Frame, RangeView Range, ViewerView Viewer, UsageFilter Filter, IReadOnlyList<Tile> Tiles, IReadOnlyList<ChartView> Charts, TableView? Models)
{
    /// <summary>What it says where there is no usage.</summary>
    public string Nothing { get; init; } = "";

    /// <summary>How much the one key that is shown may do in a time; null if nothing limits it, or all keys are shown.</summary>
    public TableView? Limits { get; init; }
}

namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>The usage page.</summary>
/// <param name="Frame">Its frame.</param>
/// <param name="Range">The days it shows.</param>
/// <param name="Viewer">Whose usage it shows, in words.</param>
/// <param name="Key">The one key that an admin looks at; null for all, and for those who can see only their own.</param>
/// <param name="Tiles">The summary.</param>
/// <param name="Charts">The charts, the most important first.</param>
/// <param name="Models">The table by model; null if there is no usage.</param>
public sealed record UsageView(
    Frame Frame, RangeView Range, string Viewer, string? Key, IReadOnlyList<Tile> Tiles, IReadOnlyList<ChartView> Charts, TableView? Models);

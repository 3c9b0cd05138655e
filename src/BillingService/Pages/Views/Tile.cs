namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>One figure of the summary.</summary>
/// <param name="Name">What it is; part of its id on the page.</param>
/// <param name="Label">What it is, in the page's language.</param>
/// <param name="Value">The figure.</param>
/// <param name="Notes">Lines under it.</param>
public sealed record Tile(string Name, string Label, Cell Value, IReadOnlyList<TileNote> Notes);

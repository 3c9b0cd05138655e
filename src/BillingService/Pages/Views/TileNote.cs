namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>A line under a figure.</summary>
/// <param name="Text">The line.</param>
/// <param name="Style">The number of the pattern it is marked with; null for a plain line.</param>
public sealed record TileNote(string Text, int? Style = null);

namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>A part of a column, lengths in pixels from the top.</summary>
public sealed record Segment(int Style, string Y, string Height);

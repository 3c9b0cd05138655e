namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>A line across the plot, and what it stands for.</summary>
/// <param name="Y">Pixels from the top.</param>
/// <param name="Label">The value.</param>
public sealed record Tick(string Y, string Label);

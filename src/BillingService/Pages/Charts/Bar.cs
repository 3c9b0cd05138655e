namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>One bar.</summary>
/// <param name="Value">What it stands for.</param>
/// <param name="Width">How long it is, in percent of the longest.</param>
public sealed record Bar(BarValue Value, string Width);

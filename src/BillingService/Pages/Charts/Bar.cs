namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>One bar.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Style">The number of its pattern.</param>
/// <param name="Width">How long it is, in percent of the longest.</param>
/// <param name="Text">The value, with what must be said of it.</param>
public sealed record Bar(string Name, int Style, string Width, string Text);

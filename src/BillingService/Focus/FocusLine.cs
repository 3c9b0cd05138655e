namespace OpenAIProxy.BillingService.Focus;

/// <summary>One line of a FOCUS file: what a key used of a model on a day, by one meter at one price.</summary>
/// <param name="Meter">The meter, <c>input tokens</c>.</param>
/// <param name="Tier">The service tier.</param>
/// <param name="Region">The region; empty for the global host.</param>
/// <param name="UnitPrice">US dollars for a pricing unit.</param>
internal readonly record struct FocusLine(string Meter, string Tier, string Region, decimal UnitPrice);

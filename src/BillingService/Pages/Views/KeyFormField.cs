namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>One field of the form for a key.</summary>
/// <param name="Name">Its name in the form.</param>
/// <param name="Label">Its label.</param>
/// <param name="Value">What stands in it.</param>
/// <param name="Example">What may stand in it.</param>
/// <param name="IsSwitch">True for a box to be ticked; it is if <paramref name="Value"/> is <c>true</c>.</param>
/// <param name="IsWrong">True if what stands in it can't be used.</param>
public sealed record KeyFormField(string Name, string Label, string Value, string Example, bool IsSwitch, bool IsWrong);

namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>Whose usage is shown.</summary>
/// <param name="Text">In words.</param>
/// <param name="Whole">The whole id of a key that <paramref name="Text"/> shortens; null if it shortens none.</param>
public sealed record ViewerView(string Text, string? Whole)
{
    /// <summary>True for who signed in with the admin token.</summary>
    public bool IsAdmin { get; init; }
}

namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>Which usage the page shows.</summary>
/// <param name="Key">The one key that an admin looks at; null for all, and for those who can see only their own.</param>
/// <param name="Model">The one model that is looked at; null for all.</param>
public sealed record UsageFilter(string? Key, string? Model)
{
    /// <summary>The filter as it stands in an address.</summary>
    public (string Name, string? Value)[] Query => [("key", Key), ("model", Model)];
}

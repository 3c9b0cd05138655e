namespace OpenAIProxy.BillingService.Pages.SignIn;

/// <summary>Who looks at the page.</summary>
/// <param name="Key">The id of the key whose usage may be seen; null for an admin, who may see that of all keys.</param>
internal sealed record Viewer(string? Key)
{
    /// <summary>Who has shown the admin token.</summary>
    public static Viewer Admin { get; } = new((string?)null);

    public bool IsAdmin => Key is null;
}

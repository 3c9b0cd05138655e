namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>One access key, in words.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is called.</param>
/// <param name="State">What it is.</param>
/// <param name="Endings">The last characters of its secrets, and until when they are valid.</param>
/// <param name="LastUsed">The day of its last use.</param>
/// <param name="About">Its team and owner.</param>
/// <param name="IsRevoked">True if it opens nothing any more, for good.</param>
public sealed record KeyLine(string Id, string Name, string State, string Endings, string LastUsed, string About, bool IsRevoked);

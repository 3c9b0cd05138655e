using System.Security.Claims;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.SignIn;

/// <summary>Somebody whom the identity provider knows.</summary>
/// <param name="Name">How the audit and the page name them: by their e-mail, else by their subject.</param>
/// <param name="Email">The e-mail; null if the provider tells none, or says that nobody has checked it.</param>
/// <param name="IsAdmin">True if they have the admin claim.</param>
internal sealed record ProviderUser(string Name, string? Email, bool IsAdmin)
{
    /// <summary>The claim that holds the e-mail.</summary>
    public const string EmailClaim = "email";

    /// <summary>The claim that says whether the provider has checked the e-mail.</summary>
    public const string VerifiedClaim = "email_verified";

    private const string SubjectClaim = "sub";
    private const int LongestSubject = 255;

    /// <summary>Who has these claims.</summary>
    public static ProviderUser Of(ClaimsPrincipal principal, OidcSettings settings)
    {
        var isUnverified = Values(principal, VerifiedClaim).Any(value => value.Equals("false", StringComparison.OrdinalIgnoreCase));
        var email = Values(principal, EmailClaim).FirstOrDefault();
        // An e-mail that nobody has checked is not theirs, whatever it opens.
        var isAdmin = settings.AdminClaim is { } admin && !(isUnverified && admin.Name == EmailClaim)
            && Values(principal, admin.Name).Contains(admin.Value, StringComparer.Ordinal);
        return !isUnverified && email is not null && OwnerName.IsEmail(email)
            ? new ProviderUser(email, email, isAdmin)
            : new ProviderUser(SubjectOf(principal), null, isAdmin);
    }

    // By the exact name: the framework's own look-ups ignore case, and somebody may choose claims of other names.
    private static IEnumerable<string> Values(ClaimsPrincipal principal, string name)
        => principal.Claims.Where(claim => claim.Type.Equals(name, StringComparison.Ordinal)).Select(claim => claim.Value);

    private static string SubjectOf(ClaimsPrincipal principal)
        => Values(principal, SubjectClaim).FirstOrDefault() is { Length: > 0 and <= LongestSubject } subject && VisibleAscii.IsAll(subject)
            ? $"sub {subject}"
            : "sub unknown";
}

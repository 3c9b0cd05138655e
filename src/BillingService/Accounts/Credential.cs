using Microsoft.Extensions.Primitives;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Who asks: the caller's own credential, and the organization and project the question is about.</summary>
/// <param name="Kind">What the credential can ask for.</param>
/// <param name="Token">The credential itself. Goes to upstream and nowhere else.</param>
/// <param name="Organization">The caller's <c>OpenAI-Organization</c>; null for none.</param>
/// <param name="Project">The caller's <c>OpenAI-Project</c>; null for none.</param>
internal sealed record Credential(CredentialKind Kind, string Token, string? Organization, string? Project)
{
    public const string OrganizationHeader = "OpenAI-Organization";
    public const string ProjectHeader = "OpenAI-Project";

    private const string Scheme = "Bearer ";

    /// <summary>Reads the credential from the request's headers.</summary>
    /// <exception cref="BillingException">401 if there is none; 400 if a header can't be sent on.</exception>
    public static Credential Read(IHeaderDictionary headers)
    {
        if (headers.Authorization is not [{ } authorization]
            || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || authorization[Scheme.Length..].Trim() is not { Length: > 0 } token
            || !VisibleAscii.IsAll(token))
        {
            throw new BillingException(StatusCodes.Status401Unauthorized, "missing_api_key",
                "You didn't send an API key, and billing is answered for a key. Send it as 'Authorization: Bearer YOUR_KEY'.");
        }

        return new Credential(KindOf(token), token, Optional(headers, OrganizationHeader), Optional(headers, ProjectHeader));
    }

    /// <summary>Without the token: this text may end up in a log.</summary>
    public override string ToString() => $"{Kind} credential";

    private static CredentialKind KindOf(string token) => token switch
    {
        _ when token.StartsWith("sess-", StringComparison.Ordinal) => CredentialKind.Session,
        _ when token.StartsWith("sk-admin-", StringComparison.Ordinal) => CredentialKind.Admin,
        _ => CredentialKind.Key,
    };

    private static string? Optional(IHeaderDictionary headers, string name)
    {
        var values = headers[name];
        if (StringValues.IsNullOrEmpty(values))
        {
            return null;
        }

        return values is [{ } value] && VisibleAscii.IsAllOrSpaces(value)
            ? value
            : throw new BillingException(StatusCodes.Status400BadRequest, "invalid_header", $"{name} must be sent once, in ASCII.", name);
    }
}

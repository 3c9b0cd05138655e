using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.SignIn;

/// <summary>The identity provider by which people sign in (OpenID Connect).</summary>
/// <param name="Authority">Its address, the issuer of its tokens.</param>
/// <param name="ClientId">As what it knows this service.</param>
/// <param name="ClientSecret">By what it knows that it is this service.</param>
public sealed record OidcSettings(Uri Authority, string ClientId, string ClientSecret)
{
    private const int LongestLabel = 40;

    private static readonly AddressSetting AuthoritySetting = new("Oidc:Authority", null,
        "an https address without query, or an http one on loopback", "The identity provider by which people sign in to the usage page (OpenID Connect).");
    private static readonly TextSetting ClientIdSetting = new("Oidc:ClientId",
        "visible ASCII characters", "As what the identity provider knows this service.", text => VisibleAscii.IsAll(text));
    private static readonly TextSetting ClientSecretSetting = new("Oidc:ClientSecret",
        "visible ASCII characters", "By what the identity provider knows that it is this service.", text => VisibleAscii.IsAll(text))
    { Secret = true };
    private static readonly TextSetting AdminClaimSetting = new("Oidc:AdminClaim",
        "a claim and its value, such as groups=openaiproxy-admins",
        "Who has this claim sees and does what the admin token does. Without it nobody does by signing in there.", text => ReadClaim(text) is not null);
    private static readonly TextSetting AudienceSetting = new("Oidc:Audience",
        "visible ASCII characters", "The audience of the access tokens that the admin API takes; Oidc:ClientId if it is not set.",
        text => VisibleAscii.IsAll(text));
    private static readonly ListSetting ScopesSetting = new("Oidc:Scopes",
        "names of scopes, with spaces or commas between", "The scopes that are asked for besides openid and email, such as groups.");
    private static readonly TextSetting LabelSetting = new("Oidc:Label",
        $"a text of at most {LongestLabel} characters", "What the usage page calls the identity provider; its host if it is not set.",
        text => text.Length <= LongestLabel && !text.Any(char.IsControl));

    internal static IReadOnlyList<Setting> All { get; } =
        [AuthoritySetting, ClientIdSetting, ClientSecretSetting, AdminClaimSetting, AudienceSetting, ScopesSetting, LabelSetting];

    /// <summary>The claim that makes an admin; null if none does.</summary>
    public (string Name, string Value)? AdminClaim { get; init; }

    /// <summary>The audience of access tokens for the admin API.</summary>
    public string Audience { get; init; } = ClientId;

    /// <summary>The scopes that are asked for besides openid and email.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>What it is called on the page.</summary>
    public string Label { get; init; } = Authority.Host;

    /// <summary>Tells sign-ins under these settings from those under others.</summary>
    internal string Mark => KeyId.Of($"{Authority}\n{ClientId}\n{AdminClaim?.Name}={AdminClaim?.Value}").Value;

    /// <summary>Without the secret: this text may end up in a log.</summary>
    public override string ToString() => $"{Label} ({Authority.Host})";

    /// <summary>Reads the section; null if nothing of it is set.</summary>
    internal static OidcSettings? Read(SettingsReader reader, AccountSettings accounts)
    {
        if (!All.Any(reader.IsSet))
        {
            return null;
        }

        var (authority, clientId, secret) = (reader.Get(AuthoritySetting), reader.Get(ClientIdSetting), reader.Get(ClientSecretSetting));
        Setting[] needed = [AuthoritySetting, ClientIdSetting, ClientSecretSetting];
        var missing = needed.Where(setting => !reader.IsSet(setting)).Select(setting => setting.Name).ToArray();
        if (missing.Length > 0)
        {
            reader.AddError($"To sign in by OpenID Connect, {string.Join(" and ", missing)} must be set, too.");
        }

        if (authority is not null && !IsSafe(authority))
        {
            reader.Wrong(AuthoritySetting, authority.UserInfo.Length > 0 ? null : authority.OriginalString);
        }

        if (secret is not null && (secret == accounts.AdminToken || secret == accounts.InternalToken))
        {
            reader.AddError("Oidc:ClientSecret is also Billing:AdminToken or Internal:Token, which the identity provider must not know.");
        }

        if (authority is null || clientId is null || secret is null)
        {
            return null;
        }

        var settings = new OidcSettings(authority, clientId, secret)
        {
            AdminClaim = reader.Get(AdminClaimSetting) is { } claim ? ReadClaim(claim) : null,
            Scopes = reader.Get(ScopesSetting),
        };
        settings = reader.Get(AudienceSetting) is { } audience ? settings with { Audience = audience } : settings;
        return reader.Get(LabelSetting) is { } label ? settings with { Label = label } : settings;
    }

    // Whoever can change what the provider says on its way makes themselves admin.
    private static bool IsSafe(Uri authority)
        => (authority.Scheme == Uri.UriSchemeHttps || authority.IsLoopback)
            && authority.Query.Length == 0 && authority.Fragment.Length == 0 && authority.UserInfo.Length == 0;

    private static (string Name, string Value)? ReadClaim(string text)
        => text.Split('=', 2) is [var name, var value] && name.Trim() is { Length: > 0 } left && value.Trim() is { Length: > 0 } right ? (left, right) : null;
}

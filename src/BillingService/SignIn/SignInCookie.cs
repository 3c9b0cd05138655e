using System.Globalization;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.SignIn;

/// <summary>The cookie that remembers who has signed in: a key's id, the mark of an admin or a user of the identity provider; never a key or a token.</summary>
internal sealed class SignInCookie(Seal seal, AccountSettings settings, TimeProvider time, OidcSettings? oidc = null)
{
    public const string Name = "openaiproxy-usage";

    private const string AdminMark = "admin ";
    private const string UserMark = "user ";
    private const string AdminRole = "admin";
    private const string OwnerRole = "owner";
    private const string Email = "email";
    private const string Subject = "subject";
    private const int LongestValue = 2048;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    // With another admin token the old one's cookies are worth nothing.
    private readonly string? _admin = settings.AdminToken is { } token ? AdminMark + KeyId.Of(token) : null;

    // With another provider, client or admin claim the users of before are none.
    private readonly string? _users = oidc is null ? null : $"{UserMark}{oidc.Mark} ";

    /// <summary>Who has signed in with a key or the admin token; null if nobody has, or too long ago.</summary>
    public Caller? Read(HttpRequest request)
    {
        if (Open(request) is not { } who)
        {
            return null;
        }

        if (who == _admin)
        {
            return Caller.Admin;
        }

        return who.StartsWith(AdminMark, StringComparison.Ordinal) || who.StartsWith(UserMark, StringComparison.Ordinal) ? null : new Caller(who);
    }

    /// <summary>Who has signed in by the identity provider; null if nobody has, or too long ago.</summary>
    public ProviderUser? ReadUser(HttpRequest request)
    {
        // 1773604800 user key_9f86d081884c7d659a2feaa0 admin email ann@example.com
        if (_users is null || Open(request) is not { } who || !who.StartsWith(_users, StringComparison.Ordinal)
            || who[_users.Length..].Split(' ', 3) is not [var role, var kind, var name])
        {
            return null;
        }

        return new ProviderUser(name, kind == Email ? name : null, role == AdminRole);
    }

    /// <summary>Remembers who has signed in until the browser closes, at most for 8 hours.</summary>
    public void Write(HttpContext context, Caller viewer) => Write(context, viewer.Key ?? _admin!);

    /// <summary>The same for a user of the identity provider.</summary>
    public void Write(HttpContext context, ProviderUser user)
        => Write(context, $"{_users}{(user.IsAdmin ? AdminRole : OwnerRole)} {(user.Email is null ? Subject : Email)} {user.Name}");

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context.Request));

    /// <summary>What all cookies of the page have in common.</summary>
    public static CookieOptions Options(HttpRequest request) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        Path = "/",
        SameSite = SameSiteMode.Strict,
        // The gateway says how it was called; and where TLS ends before the gateway, the browser itself says what it sees.
        Secure = request.IsHttps || request.Headers[InternalHeaders.Scheme] is ["https"]
            || request.Headers.Origin.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase),
    };

    private void Write(HttpContext context, string who)
    {
        var end = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Cookies.Append(Name, seal.Close($"{end} {who}"), Options(context.Request));
    }

    // 1773604800 key_9f86d081884c7d659a2feaa0
    private string? Open(HttpRequest request)
        => request.Cookies[Name] is { Length: > 0 and <= LongestValue } value && seal.Open(value) is { } text && text.Split(' ', 2) is [var end, var who]
            && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > time.GetUtcNow().ToUnixTimeSeconds()
            ? who
            : null;
}

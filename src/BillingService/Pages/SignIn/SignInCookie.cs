using System.Globalization;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages.SignIn;

/// <summary>The cookie that remembers who has signed in: a key's id or the mark of an admin, never a key.</summary>
internal sealed class SignInCookie(Seal seal, AccountSettings settings, TimeProvider time)
{
    public const string Name = "openaiproxy-usage";

    private const string AdminMark = "admin ";
    private const int LongestValue = 512;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    // With another admin token the old one's cookies are worth nothing.
    private readonly string? _admin = settings.AdminToken is { } token ? AdminMark + KeyId.Of(token) : null;

    /// <summary>Who has signed in; null if nobody has, or too long ago.</summary>
    public Caller? Read(HttpRequest request)
    {
        // 1773604800 key_9f86d081884c7d659a2feaa0
        if (request.Cookies[Name] is not { Length: > 0 and <= LongestValue } value || seal.Open(value) is not { } text
            || text.Split(' ', 2) is not [var end, var who]
            || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds <= time.GetUtcNow().ToUnixTimeSeconds())
        {
            return null;
        }

        if (who == _admin)
        {
            return Caller.Admin;
        }

        return who.StartsWith(AdminMark, StringComparison.Ordinal) ? null : new Caller(who);
    }

    /// <summary>Remembers who has signed in until the browser closes, at most for 8 hours.</summary>
    public void Write(HttpContext context, Caller viewer)
    {
        var end = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Cookies.Append(Name, seal.Close($"{end} {viewer.Key ?? _admin}"), Options(context.Request));
    }

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
}

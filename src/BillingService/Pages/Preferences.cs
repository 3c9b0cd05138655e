using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>What a visitor has chosen, <c>?lang=zh-CN</c> and <c>?tz=Asia/Shanghai</c>, and cookies remember.</summary>
internal static class Preferences
{
    private const string ZoneCookie = "openaiproxy-time-zone";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>The language that the cookie names; null if it names none.</summary>
    public static Words? Language(HttpRequest request) => Words.For(request.Cookies[PageCookies.Language]);

    /// <summary>The time zone, and whether the address asks for one that there isn't; then it is that of the cookie, and without one UTC.</summary>
    public static (TimeZoneInfo Zone, bool IsWrong) Zone(HttpRequest request)
    {
        var name = request.Query[TimeZones.ParameterName].ToString().Trim();
        var asked = TimeZones.Find(name);
        return (asked ?? TimeZones.Find(request.Cookies[ZoneCookie] ?? "") ?? TimeZoneInfo.Utc, name.Length > 0 && asked is null);
    }

    /// <summary>Remembers what the address asks for.</summary>
    public static void Keep(HttpContext context)
    {
        var request = context.Request;
        if (Words.For(request.Query["lang"].ToString()) is { } words)
        {
            context.Response.Cookies.Append(PageCookies.Language, words.Language, Options(request));
        }

        if (TimeZones.Find(request.Query[TimeZones.ParameterName].ToString().Trim()) is { } zone)
        {
            context.Response.Cookies.Append(ZoneCookie, zone.Id, Options(request));
        }
    }

    private static CookieOptions Options(HttpRequest request)
        => new(SignInCookie.Options(request)) { SameSite = SameSiteMode.Lax, MaxAge = Lifetime };
}

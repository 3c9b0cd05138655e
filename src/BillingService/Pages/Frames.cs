using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Reads from a request what its page's frame is.</summary>
internal static class Frames
{
    /// <summary>The frame of the page that answers <paramref name="request"/>.</summary>
    public static Frame Of(HttpRequest request)
    {
        var chosen = Words.For(request.Query["lang"].ToString());
        return new Frame(chosen ?? Preferences.Language(request) ?? Preferred(request), Home(request.Path), chosen is not null);
    }

    // /usage: "usage"; /usage/: "../usage"; /usage/sign-in: "../usage".
    private static string Home(PathString path)
        => string.Concat(Enumerable.Repeat("../", Math.Max(0, path.Value!.Count(c => c == '/') - 1))) + "usage";

    private static Words Preferred(HttpRequest request)
        => request.GetTypedHeaders().AcceptLanguage.Where(l => l.Quality is not 0).OrderByDescending(l => l.Quality ?? 1)
            .Select(l => Words.For(l.Value.AsSpan())).FirstOrDefault(w => w is not null) ?? Words.English;
}

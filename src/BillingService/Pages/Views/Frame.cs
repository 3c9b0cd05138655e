using OpenAIProxy.BillingService.Pages.Texts;

namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>What every page needs to know: its language and where it is.</summary>
/// <param name="Words">The page's words, in its language.</param>
/// <param name="Home">
/// The relative way from the page's own address to <c>/usage</c>: whatever prefix the page lives under, its links stay there.
/// </param>
/// <param name="IsLanguageChosen">True if the language was asked for in the address, and links must keep it.</param>
public sealed record Frame(Words Words, string Home, bool IsLanguageChosen)
{
    /// <summary>A link to <c>/usage</c> or below, in the page's language.</summary>
    /// <param name="below">What follows <c>/usage</c>, such as <c>/sign-in</c>; empty for the page itself.</param>
    /// <param name="query">Names and values; nulls are left out.</param>
    public string Link(string below, params (string Name, string? Value)[] query)
        => Home + below + QueryString.Create((IsLanguageChosen ? [.. query, ("lang", Words.Language)] : query)
            .Where(q => q.Value is not null).Select(q => KeyValuePair.Create(q.Name, q.Value)));

    /// <summary>The same page in <paramref name="language"/>.</summary>
    public string LinkIn(string language, string below, params (string Name, string? Value)[] query)
        => (this with { IsLanguageChosen = false }).Link(below, [.. query, ("lang", language)]);
}

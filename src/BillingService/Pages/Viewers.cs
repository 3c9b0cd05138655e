using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Who looks, and what that one may choose.</summary>
internal static class Viewers
{
    /// <summary>Whose usage is shown, in words.</summary>
    public static ViewerView Of(Caller viewer, UsageFilter filter, KeyNames keys, Words words)
    {
        var model = filter.Model is { } asked ? " · " + Words.Fill(words.OneModel, asked) : "";
        if (viewer.Key is { } own)
        {
            return new ViewerView(Words.Fill(words.YourKey, keys.Of(own)) + model, own);
        }

        var name = viewer.Name is { } who ? " · " + who : "";
        return filter.Key is { } chosen
            ? new ViewerView(Words.Fill(words.OneKey, keys.Of(chosen)) + model + name, chosen) { IsAdmin = viewer.IsAdmin }
            : new ViewerView((viewer.IsAdmin ? words.AllKeys : words.YourKeys) + model + name, null) { IsAdmin = viewer.IsAdmin };
    }

    /// <summary>What the address chooses. Admins choose among all keys, owners among theirs; for everybody else the cookie says which.</summary>
    public static UsageFilter Filter(HttpRequest request, Caller viewer)
        => new(viewer.Key is null ? UsageAccess.KeyFor(viewer, request.Query["key"].ToString()) : null, Model(request));

    // PostgreSQL has no text with a NUL in it.
    private static string? Model(HttpRequest request)
        => request.Query["model"].ToString() is { Length: > 0 and <= UsageDimensions.LongestName } model && !model.Contains('\0', StringComparison.Ordinal)
            ? model
            : null;
}

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
        var model = filter.Model is { } name ? " · " + Words.Fill(words.OneModel, name) : "";
        if (viewer.Key is { } own)
        {
            return new ViewerView(Words.Fill(words.YourKey, keys.Of(own)) + model, own);
        }

        return filter.Key is { } chosen
            ? new ViewerView(Words.Fill(words.OneKey, keys.Of(chosen)) + model, chosen) { IsAdmin = true }
            : new ViewerView(words.AllKeys + model, null) { IsAdmin = true };
    }

    /// <summary>What the address chooses. Only an admin has a choice of keys; for everybody else the cookie says which.</summary>
    public static UsageFilter Filter(HttpRequest request, Caller viewer)
        => new(viewer.IsAdmin ? UsageAccess.KeyFor(viewer, request.Query["key"].ToString()) : null, Model(request));

    // PostgreSQL has no text with a NUL in it.
    private static string? Model(HttpRequest request)
        => request.Query["model"].ToString() is { Length: > 0 and <= UsageDimensions.LongestName } model && !model.Contains('\0', StringComparison.Ordinal)
            ? model
            : null;
}

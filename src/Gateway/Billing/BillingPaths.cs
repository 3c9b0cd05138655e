using System.Buffers;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>Which paths are the billing service's, and which are nobody's.</summary>
internal static class BillingPaths
{
    private static readonly PathString[] Queries = ["/dashboard/billing", "/v1/dashboard/billing", "/billing", "/v1/billing"];
    private static readonly PathString Page = "/usage";
    private static readonly PathString Internal = "/internal";
    private static readonly PathString[] Admin = ["/admin/keys", "/admin/audit", "/openapi/admin.json"];

    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/");

    /// <summary>True if the path asks about an account.</summary>
    public static bool IsQuery(PathString path)
    {
        // Nearly every request goes to /v1/chat/… or /v1/responses; one look at a letter settles it.
        if (path.Value is not { Length: >= 8 } text || !(text[1] is 'b' or 'd' or 'B' or 'D' || text[4] is 'b' or 'd' or 'B' or 'D'))
        {
            return false;
        }

        foreach (var own in Queries)
        {
            if (path.StartsWithSegments(own, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True if a billing path is one of OpenAI's; the seed's <c>/billing</c> is nothing that an upstream knows.</summary>
    public static bool IsOpenAIs(PathString path) => path.Value!.Contains("dashboard", StringComparison.OrdinalIgnoreCase);

    /// <summary>True if the path is the usage page's or below it. <c>/v1/usage</c> is OpenAI's.</summary>
    public static bool IsPage(PathString path)
        => path.Value is { Length: >= 6 } text && text[1] is 'u' or 'U' && path.StartsWithSegments(Page, StringComparison.OrdinalIgnoreCase);

    /// <summary>True if a reader of balances asks. With a caller's own key that is a question to the upstream.</summary>
    public static bool IsBalance(HttpRequest request)
        => request.Path.Value is "/v1/usage" && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));

    /// <summary>True if the path is one that the services have for each other. Through the gateway there is nothing.</summary>
    public static bool IsInternal(PathString path)
        => path.Value is { Length: >= 9 } text && text[1] is 'i' or 'I' && path.StartsWithSegments(Internal, StringComparison.OrdinalIgnoreCase);

    /// <summary>True if the path is one of the admin API's. Whether there is one or not: the admin token must not go upstream.</summary>
    public static bool IsAdmin(PathString path)
    {
        if (path.Value is not { Length: >= 11 } text || text[1] is not ('a' or 'A' or 'o' or 'O'))
        {
            return false;
        }

        foreach (var own in Admin)
        {
            if (path.StartsWithSegments(own, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// True if the path means the same to everybody who reads it: no character that somebody may decode once more (<c>%2e%2e</c>, sent as
    /// <c>%252e%252e</c>), no segment that is empty or begins with a dot. What the billing service has needs no other.
    /// </summary>
    public static bool IsPlain(PathString path)
    {
        var text = path.Value.AsSpan();
        return !text.ContainsAnyExcept(PlainCharacters)
            && !text.Contains("//", StringComparison.Ordinal)
            && !text.Contains("/.", StringComparison.Ordinal);
    }
}

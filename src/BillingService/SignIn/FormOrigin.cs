using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.SignIn;

/// <summary>Tells our own forms from those that other sites send in a visitor's name.</summary>
internal static class FormOrigin
{
    /// <summary>True if <paramref name="request"/> comes from a page of another site.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        // Browsers say it themselves, but only over HTTPS and on localhost.
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is not ("same-origin" or "none");
        }

        // What has no Origin is no browser, and acts in nobody else's name.
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !IsHere(origin, request);
    }

    // The scheme is not compared: TLS may end before the gateway.
    private static bool IsHere(string origin, HttpRequest request)
    {
        var host = request.Headers[InternalHeaders.Host].ToString() is { Length: > 0 } asked ? asked : request.Host.Value;
        return Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && Uri.TryCreate($"{from.Scheme}://{host}", UriKind.Absolute, out var here)
            && from.Authority.Equals(here.Authority, StringComparison.OrdinalIgnoreCase);
    }
}

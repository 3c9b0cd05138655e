using Microsoft.Extensions.Primitives;

namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>Finds the key of a request. Any key is good, but for those that start with <c>sk-bad</c>.</summary>
internal static class Credentials
{
    private const string Bearer = "Bearer ";
    private const string SubprotocolKey = "openai-insecure-api-key.";

    private static readonly StringValues Challenge = "Bearer realm=\"OpenAI API\"";

    /// <summary>The key from <c>Authorization</c>, <c>api-key</c> or a WebSocket subprotocol; null if there is none.</summary>
    public static string? Find(IHeaderDictionary headers)
    {
        if (FromAuthorization(headers) is { Length: > 0 } key)
        {
            return key.ToString();
        }

        return headers["api-key"] is [{ Length: > 0 } header]
            ? header
            : headers.GetCommaSeparatedValues("Sec-WebSocket-Protocol")
                .FirstOrDefault(p => p.StartsWith(SubprotocolKey, StringComparison.Ordinal))?[SubprotocolKey.Length..];
    }

    /// <summary>True if the request has a good key in <c>Authorization</c>: the usual case, without an allocation.</summary>
    public static bool AreGoodAtFirstSight(IHeaderDictionary headers)
        => FromAuthorization(headers) is { Length: > 0 } key && !IsBad(key);

    /// <summary>Throws the error that OpenAI answers to a missing or wrong key.</summary>
    public static void Check(HttpContext context)
    {
        switch (Find(context.Request.Headers))
        {
            case null:
                context.Response.Headers.WWWAuthenticate = Challenge;
                throw new ApiException(
                    StatusCodes.Status401Unauthorized,
                    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
            case var key when IsBad(key):
                throw new ApiException(
                    StatusCodes.Status401Unauthorized,
                    $"Incorrect API key provided: {Mask(key)}. You can find your API key at https://platform.openai.com/account/api-keys.",
                    code: "invalid_api_key");
        }
    }

    private static ReadOnlySpan<char> FromAuthorization(IHeaderDictionary headers)
        => headers.Authorization is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? value.AsSpan(Bearer.Length) : default;

    private static bool IsBad(ReadOnlySpan<char> key) => key.StartsWith("sk-bad", StringComparison.Ordinal);

    private static string Mask(string key)
        => key.Length <= 12 ? new string('*', key.Length) : $"{key[..8]}{new string('*', key.Length - 12)}{key[^4..]}";
}

namespace OpenAIProxy.Gateway.ChatLog.Calls;

/// <summary>What the headers say of a body.</summary>
/// <param name="Media">The media type without parameters, in lower case; empty if there is none.</param>
/// <param name="Encoding">The Content-Encoding; empty if there is none.</param>
internal readonly record struct BodyType(string Media, string Encoding)
{
    /// <summary>False for forms with files, sound, images and the like.</summary>
    public bool IsText => Media.Length == 0 || Media.StartsWith("text/", StringComparison.Ordinal) || Media.Contains("json", StringComparison.Ordinal)
        || Media is "application/x-www-form-urlencoded" or "application/xml" or "application/problem+xml";

    /// <summary>True for server-sent events.</summary>
    public bool IsEventStream => Media == "text/event-stream";

    /// <summary>Reads the headers.</summary>
    public static BodyType Of(string? contentType, string? contentEncoding)
        => new((contentType ?? "").Split(';')[0].Trim().ToLowerInvariant(), (contentEncoding ?? "").Trim());
}

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>Which upstream API the product stands in front of. The same for every service.</summary>
/// <param name="BaseUrl">Scheme, host, port and an optional path, without a trailing slash and without <c>/v1</c>.</param>
/// <param name="ApiKeys">The operator's own keys, used in turn for callers who bring none; may be empty.</param>
/// <param name="PropagateTrace">True if it is told which trace a request belongs to.</param>
/// <param name="KeyHeader">In which header the operator's key goes there.</param>
public sealed record OpenAISettings(string BaseUrl, IReadOnlyList<string> ApiKeys, bool PropagateTrace, UpstreamKeyHeader KeyHeader)
{
    /// <summary>The settings of the section <c>OpenAI</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("OpenAI:BaseUrl", "https://api.openai.com", "an http or https address without query, with or without a trailing /v1",
            "The API that requests are forwarded to.") { Aliases = ["OPENAI_BASE_URL", "API_BASE"] },
        new("OpenAI:ApiKey", "-", "one or more keys, with spaces or commas between",
            "The operator's key or keys, used in turn for callers who bring none of their own.")
        { Aliases = ["OPENAI_API_KEY"], Secret = true, IsList = true },
        new("OpenAI:KeyHeader", "auto", "auto (api-key at Azure's hosts, else authorization), authorization or api-key",
            "In which header the operator's key goes upstream."),
        new("OpenAI:PropagateTrace", "false", "true or false",
            "Whether the trace context goes upstream. Only for an upstream of your own, never for OpenAI."),
    ];

    /// <summary>Reads the section; errors go to <paramref name="reader"/>.</summary>
    public static OpenAISettings Read(SettingsReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var uri = reader.Address("OpenAI:BaseUrl", "http", "https") ?? new Uri("https://api.openai.com");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            reader.Wrong("OpenAI:BaseUrl");
        }

        var keys = reader.List("OpenAI:ApiKey");
        if (!keys.All(k => VisibleAscii.IsAll(k)))
        {
            reader.Wrong("OpenAI:ApiKey");
        }

        return new OpenAISettings(Normalize(uri), keys, reader.Bool("OpenAI:PropagateTrace", false), ReadKeyHeader(reader));
    }

    private static UpstreamKeyHeader ReadKeyHeader(SettingsReader reader)
    {
        var text = reader.Text("OpenAI:KeyHeader");
        switch (text?.ToUpperInvariant())
        {
            case null or "AUTO": return UpstreamKeyHeader.Auto;
            case "AUTHORIZATION": return UpstreamKeyHeader.Authorization;
            case "API-KEY": return UpstreamKeyHeader.ApiKey;
            default:
                reader.Wrong("OpenAI:KeyHeader", text);
                return UpstreamKeyHeader.Auto;
        }
    }

    // Some clients' base URL ends with /v1, some don't; requests bring their own /v1.
    private static string Normalize(Uri uri)
    {
        var text = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return text.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? text[..^3].TrimEnd('/') : text;
    }
}

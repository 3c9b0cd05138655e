namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>Which upstream API the product stands in front of. The same for every service.</summary>
/// <param name="BaseUrl">Scheme, host, port and an optional path, without a trailing slash and without <c>/v1</c>.</param>
/// <param name="ApiKeys">The operator's own keys, used in turn for callers who bring none; may be empty.</param>
/// <param name="PropagateTrace">True if it is told which trace a request belongs to.</param>
/// <param name="KeyHeader">In which header the operator's key goes there.</param>
public sealed record OpenAISettings(string BaseUrl, IReadOnlyList<string> ApiKeys, bool PropagateTrace, UpstreamKeyHeader KeyHeader)
{
    private static readonly AddressSetting BaseUrlSetting = new("OpenAI:BaseUrl", "https://api.openai.com",
        "an http or https address without query, with or without a trailing /v1", "The API that requests are forwarded to.")
    { Aliases = ["OPENAI_BASE_URL", "API_BASE"] };
    private static readonly ListSetting ApiKeySetting = new("OpenAI:ApiKey", "one or more keys, with spaces or commas between",
        "The operator's key or keys, used in turn for callers who bring none of their own.")
    { Aliases = ["OPENAI_API_KEY"], Secret = true };
    private static readonly ChoiceSetting<UpstreamKeyHeader> KeyHeaderSetting = new("OpenAI:KeyHeader", "In which header the operator's key goes upstream.",
        ("auto", UpstreamKeyHeader.Auto, "api-key at Azure's hosts, else authorization"),
        ("authorization", UpstreamKeyHeader.Authorization, null), ("api-key", UpstreamKeyHeader.ApiKey, null));
    private static readonly BoolSetting PropagateTraceSetting = new("OpenAI:PropagateTrace", false,
        "Whether the trace context goes upstream. Only for an upstream of your own, never for OpenAI.");

    /// <summary>The settings of the section <c>OpenAI</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } = [BaseUrlSetting, ApiKeySetting, KeyHeaderSetting, PropagateTraceSetting];

    /// <summary>Reads the section; errors go to <paramref name="reader"/>.</summary>
    public static OpenAISettings Read(SettingsReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var uri = reader.Get(BaseUrlSetting)!;
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            reader.Wrong(BaseUrlSetting);
        }

        var keys = reader.Get(ApiKeySetting);
        if (!keys.All(k => VisibleAscii.IsAll(k)))
        {
            reader.Wrong(ApiKeySetting);
        }

        return new OpenAISettings(Normalize(uri), keys, reader.Get(PropagateTraceSetting), reader.Get(KeyHeaderSetting));
    }

    // Some clients' base URL ends with /v1, some don't; requests bring their own /v1.
    private static string Normalize(Uri uri)
    {
        var text = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return text.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? text[..^3].TrimEnd('/') : text;
    }
}

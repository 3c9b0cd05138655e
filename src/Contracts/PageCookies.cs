namespace OpenAIProxy.Contracts;

/// <summary>Cookies of the usage page that the gateway reads, too, for the page that it shows while the billing service is away.</summary>
public static class PageCookies
{
    /// <summary>The language that was chosen: <c>en</c> or <c>zh-CN</c>.</summary>
    public const string Language = "openaiproxy-language";
}

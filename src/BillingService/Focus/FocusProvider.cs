namespace OpenAIProxy.BillingService.Focus;

/// <summary>Whose API usage is of, as a FOCUS file names it.</summary>
/// <param name="Host">The upstream's host.</param>
/// <param name="Name"><c>OpenAI</c>, or the host of another server.</param>
internal sealed record FocusProvider(string Host, string Name)
{
    private const string OpenAI = "openai.com";

    /// <summary>That of an upstream.</summary>
    public static FocusProvider Of(string baseUrl)
    {
        var host = new Uri(baseUrl).Host;
        return new FocusProvider(host, host == OpenAI || host.EndsWith("." + OpenAI, StringComparison.OrdinalIgnoreCase) ? "OpenAI" : host);
    }
}

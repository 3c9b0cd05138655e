namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>The hosts at which Azure serves OpenAI's models.</summary>
internal static class AzureHosts
{
    private static readonly string[] Suffixes =
    [
        ".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com", ".api.cognitive.microsoft.com", ".azure-api.net",
        // The sovereign clouds.
        ".azure.us", ".azure.cn", ".azure-api.us", ".azure-api.cn",
    ];

    /// <summary>True if the host is one of them.</summary>
    public static bool Contains(string host)
    {
        // A name may end with the root's dot.
        var name = host.AsSpan().TrimEnd('.');
        foreach (var suffix in Suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}

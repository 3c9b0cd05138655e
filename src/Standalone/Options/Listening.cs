using OpenAIProxy.Gateway.Listening;

namespace OpenAIProxy.Standalone.Options;

/// <summary>
/// Where the process listens if nobody says it. A gateway with the operator's key and without access keys would refuse to listen to a network
/// (anybody there could use the key), so this one listens to its own machine; all else is as at the gateway, port 8000 on all interfaces.
/// </summary>
internal static class Listening
{
    /// <summary>The address of this machine alone; null where the gateway's own rules are to hold.</summary>
    public static string? OnlyHere(IConfiguration configuration)
    {
        var isSaid = ListenAddresses.Names.Any(name => !string.IsNullOrWhiteSpace(configuration[name]))
            || configuration.GetSection("Kestrel:Endpoints").Exists();
        var mayBeAnybody = IsSet(configuration, "OpenAI:ApiKey", "OPENAI_API_KEY") && !IsSet(configuration, "Access:Keys", "FORWARD_KEY")
            && !IsSet(configuration, "Access:AllowAnonymous");
        return isSaid || !mayBeAnybody ? null : ListenAddresses.OnThisMachine(configuration);
    }

    private static bool IsSet(IConfiguration configuration, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!string.IsNullOrWhiteSpace(configuration[name]) || configuration.GetSection(name).GetChildren().Any())
            {
                return true;
            }
        }

        return false;
    }
}

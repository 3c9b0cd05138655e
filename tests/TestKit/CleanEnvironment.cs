using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.TestKit;

/// <summary>Takes the developer's own settings out of the test process: a key or a proxy in the shell must not decide what a test sees.</summary>
internal static class CleanEnvironment
{
    private static readonly string[] Names =
    [
        "OPENAI_API_KEY", "OPENAI_BASE_URL", "API_BASE", "FORWARD_KEY", "FORWARD_CONFIG", "OPENAI_API_KEY_CONFIG", "FORWARD_KEY_CONFIG", "LEVEL_MODELS",
        "ROUTE_PREFIX", "IP_WHITELIST", "IP_BLACKLIST", "ACCESS_CONTROL_ALLOW_ORIGIN", "LOG_CHAT",
        "PROXY", "TIMEOUT", "PORT", "URLS", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    ];

    private static readonly string[] Prefixes =
        ["ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_URLS", "OTEL_", "OPENAI__", "ACCESS__", "FORWARDING__", "LISTEN__", "BILLING__", "METERING__",
            "INTERNAL__", "LEDGER__", "PRICING__", "TELEMETRY__", "SERVICES__", "CONNECTIONSTRINGS__", "KESTREL__", "LOGGING__"];

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Must happen before any host of the process reads its configuration, whichever is first.")]
    internal static void Clean()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().ToArray())
        {
            if (Names.Contains(name, StringComparer.OrdinalIgnoreCase) || Prefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }
}

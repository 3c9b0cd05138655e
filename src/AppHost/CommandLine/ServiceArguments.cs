using OpenAIProxy.AppHost.Settings;

namespace OpenAIProxy.AppHost.CommandLine;

/// <summary>
/// Arguments that are settings of the services, such as <c>--Access:AllowAnonymous=true</c>: the services take them as arguments, so the AppHost
/// does, too, and hands them on as the variables by which its services inherit all settings. Whether there is such a setting they know best.
/// </summary>
internal static class ServiceArguments
{
    private static readonly string[] Sections =
        ["OpenAI", "Access", "Listen", "Https", "Forwarding", "Metering", "Limits", "Budgets", "Alerts", "ChatLog", "Internal", "Billing", "Oidc", "Pricing",
            "Ledger", "Telemetry", "ConnectionStrings", "Logging"];

    private static readonly string[] Aliases =
        [.. ServiceSetting.All.SelectMany(s => s.Aliases), "IP_WHITELIST", "IP_BLACKLIST", "ACCESS_CONTROL_ALLOW_ORIGIN", "ROUTE_PREFIX", "TIMEOUT",
            "LOG_CHAT", "ssl_certfile", "ssl_keyfile"];

    /// <summary>Takes them out of <paramref name="args"/>, and gives each to <paramref name="set"/> as a variable. Returns the other arguments.</summary>
    public static string[] Take(string[] args, Action<string, string> set)
    {
        var others = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (!name.StartsWith("--", StringComparison.Ordinal) || !IsSetting(name[2..]) || (value is null && i + 1 == args.Length))
            {
                others.Add(args[i]);
                continue;
            }

            set(name[2..].Replace(":", "__", StringComparison.Ordinal), value ?? args[++i]);
        }

        return [.. others];
    }

    private static bool IsSetting(string name)
        => Sections.Any(section => name.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))
            || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);
}

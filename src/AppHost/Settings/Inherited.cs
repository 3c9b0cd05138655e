namespace OpenAIProxy.AppHost.Settings;

/// <summary>Variables of the AppHost's shell, which everything it starts inherits.</summary>
internal static class Inherited
{
    /// <summary>Settings whose value is a key.</summary>
    public static readonly string[] Keys = ["OpenAI:ApiKey", "OPENAI_API_KEY", "Access:Keys", "FORWARD_KEY"];

    /// <summary>Secrets that only the billing service needs.</summary>
    public static readonly string[] OfBilling = ["Billing:AdminToken", "Billing:CacheSecret", "ConnectionStrings:cache", "ConnectionStrings:ledger"];

    /// <summary>Settings that name a proxy on the way to the upstream.</summary>
    public static readonly string[] Proxies = ["Forwarding:Proxy", "Billing:Proxy", "PROXY"];

    /// <summary>
    /// Empties those of <paramref name="settings"/> for <paramref name="service"/> that are set in the shell, items of arrays too: empty
    /// means not set. Only when the app runs; what is published inherits nothing.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithoutInherited(this IResourceBuilder<ProjectResource> service, params ReadOnlySpan<string> settings)
    {
        if (service.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return service;
        }

        foreach (string variable in Environment.GetEnvironmentVariables().Keys)
        {
            var setting = variable.Replace("__", ":", StringComparison.Ordinal);
            foreach (var name in settings)
            {
                if (setting.Equals(name, StringComparison.OrdinalIgnoreCase) || setting.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))
                {
                    service.WithEnvironment(variable, "");
                }
            }
        }

        return service;
    }
}

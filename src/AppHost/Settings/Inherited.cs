namespace OpenAIProxy.AppHost.Settings;

/// <summary>Variables of the AppHost's shell, which everything it starts inherits.</summary>
internal static class Inherited
{
    /// <summary>Settings whose value is a key.</summary>
    public static readonly ServiceSetting[] Keys = [ServiceSetting.ApiKey, ServiceSetting.AccessKeys];

    /// <summary>Secrets that only the billing service needs.</summary>
    public static readonly ServiceSetting[] OfBilling =
        [ServiceSetting.AdminToken, ServiceSetting.CacheSecret, ServiceSetting.CacheConnection, ServiceSetting.LedgerConnection];

    /// <summary>Settings that name a proxy on the way to the upstream.</summary>
    public static readonly ServiceSetting[] Proxies = [ServiceSetting.GatewayProxy, ServiceSetting.BillingProxy];

    /// <summary>
    /// Empties those of <paramref name="settings"/> for <paramref name="service"/> that are set in the shell, items of arrays too: empty
    /// means not set. Only when the app runs; what is published inherits nothing.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithoutInherited(this IResourceBuilder<ProjectResource> service, params ServiceSetting[] settings)
    {
        if (service.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return service;
        }

        string[] names = [.. settings.SelectMany(setting => setting.Aliases.Prepend(setting.Name))];
        foreach (string variable in Environment.GetEnvironmentVariables().Keys)
        {
            var set = variable.Replace("__", ":", StringComparison.Ordinal);
            if (names.Any(name => set.Equals(name, StringComparison.OrdinalIgnoreCase) || set.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase)))
            {
                service.WithEnvironment(variable, "");
            }
        }

        return service;
    }
}

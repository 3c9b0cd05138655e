namespace OpenAIProxy.AppHost.Settings;

internal static class AccessKeysExtensions
{
    /// <summary>The access keys of <c>Access:Keys</c> or <c>FORWARD_KEY</c>.</summary>
    public static AccessKeys AddAccessKeys(this IDistributedApplicationBuilder builder)
    {
        var keys = Configured.Find(builder.Configuration, ServiceSetting.AccessKeys);
        return new AccessKeys(builder.AddSecret("access-keys", keys), Configured.CountKeys(keys));
    }

    /// <summary>Lets callers of <paramref name="gateway"/> who show one of <paramref name="keys"/> use the operator's key.</summary>
    public static IResourceBuilder<ProjectResource> WithAccessKeys(this IResourceBuilder<ProjectResource> gateway, AccessKeys keys)
        => keys.Parameter is null ? gateway : gateway.WithEnvironment(ServiceSetting.AccessKeys.Variable, keys.Parameter);
}

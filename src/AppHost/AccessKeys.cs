namespace OpenAIProxy.AppHost;

/// <summary>
/// The keys that callers need. Running, there may be none: the gateway listens on this machine only. A published gateway always has
/// them, for the whole world can reach it and it holds the operator's key.
/// </summary>
internal sealed class AccessKeys
{
    private readonly IResourceBuilder<ParameterResource>? _parameter;

    private AccessKeys(IResourceBuilder<ParameterResource>? parameter, int count)
    {
        _parameter = parameter;
        Count = count;
    }

    /// <summary>How many are configured here.</summary>
    public int Count { get; }

    public static AccessKeys Add(IDistributedApplicationBuilder builder)
    {
        var value = Configured.Find(builder.Configuration, "Access:Keys", "FORWARD_KEY");
        return new AccessKeys(Secret.Add(builder, "access-keys", value), Configured.CountKeys(value));
    }

    public void GiveTo(IResourceBuilder<ProjectResource> service)
    {
        if (_parameter is not null)
        {
            service.WithEnvironment("Access__Keys", _parameter);
        }
    }
}

namespace OpenAIProxy.AppHost;

/// <summary>What the services stand in front of: OpenAI (or an API like it), or in a demo the simulator.</summary>
internal sealed class Upstream
{
    private const string Default = "https://api.openai.com";

    private readonly Action<IResourceBuilder<ProjectResource>> _giveAddress;
    private readonly Action<IResourceBuilder<ProjectResource>> _giveKey;

    private Upstream(
        string address, int keyCount, bool isDemo, Action<IResourceBuilder<ProjectResource>> giveAddress, Action<IResourceBuilder<ProjectResource>> giveKey)
        => (Address, KeyCount, IsDemo, _giveAddress, _giveKey) = (address, keyCount, isDemo, giveAddress, giveKey);

    /// <summary>Its address, as people are told.</summary>
    public string Address { get; }

    /// <summary>How many keys of the operator are used for callers who bring none.</summary>
    public int KeyCount { get; }

    public bool IsDemo { get; }

    public static Upstream OpenAI(IDistributedApplicationBuilder builder)
    {
        var address = Configured.Find(builder.Configuration, "OpenAI:BaseUrl", "OPENAI_BASE_URL", "API_BASE") ?? Default;
        var key = Configured.Find(builder.Configuration, "OpenAI:ApiKey", "OPENAI_API_KEY");
        var addressParameter = builder.AddParameter("openai-base-url", address, publishValueAsDefault: true);
        var keyParameter = Secret.Add(builder, "openai-api-key", key);
        return new Upstream(
            address,
            Configured.CountKeys(key),
            isDemo: false,
            service => service.WithEnvironment("OpenAI__BaseUrl", addressParameter),
            service =>
            {
                if (keyParameter is not null)
                {
                    service.WithEnvironment("OpenAI__ApiKey", keyParameter);
                }
            });
    }

    public static Upstream Demo(IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            throw new InvalidOperationException("--demo is for running, not for publishing: the simulator is no part of a deployment.");
        }

        var simulator = builder.AddProject<Projects.Simulator>("simulator")
            .WithEnvironment("Simulator__ChunkDelay", "20ms")
            .WithHttpHealthCheck("/health/ready")
            .Withhold(Inherited.Keys);
        return new Upstream(
            "the simulator (demo)",
            1,
            isDemo: true,
            // A proxy of the shell is on the way to OpenAI; it knows no way back to this machine.
            service => service.Withhold(Inherited.Proxies).WithEnvironment("OpenAI__BaseUrl", simulator.GetEndpoint("http")).WaitFor(simulator),
            service => service.Withhold("OpenAI:ApiKey", "OPENAI_API_KEY").WithEnvironment("OpenAI__ApiKey", "sk-demo"));
    }

    /// <summary>Tells <paramref name="service"/> its address.</summary>
    public void GiveAddressTo(IResourceBuilder<ProjectResource> service) => _giveAddress(service);

    /// <summary>Tells <paramref name="service"/> the operator's key.</summary>
    public void GiveKeyTo(IResourceBuilder<ProjectResource> service) => _giveKey(service);
}

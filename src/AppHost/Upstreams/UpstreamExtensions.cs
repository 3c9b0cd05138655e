using OpenAIProxy.AppHost.CommandLine;
using OpenAIProxy.AppHost.Settings;
using OpenAIProxy.AppHost.Telemetry;

namespace OpenAIProxy.AppHost.Upstreams;

/// <summary>Adds the upstream to the app, and tells the services of it.</summary>
internal static class UpstreamExtensions
{
    private const string OpenAI = "https://api.openai.com";

    // As OpenAI today: what a key has cost is then told by the ledger, so a demo's calls show.
    private const string BillingOfToday = "SessionKey";

    /// <summary>OpenAI, or the API like it that <c>OPENAI_BASE_URL</c> names.</summary>
    public static Upstream AddOpenAI(this IDistributedApplicationBuilder builder)
    {
        var address = Configured.Find(builder.Configuration, ServiceSetting.BaseUrl) ?? OpenAI;
        var key = Configured.Find(builder.Configuration, ServiceSetting.ApiKey);
        return new Upstream(
            address,
            Configured.CountKeys(key),
            Simulator: null,
            builder.AddParameter("openai-base-url", address, publishValueAsDefault: true),
            builder.AddSecret("openai-api-key", key));
    }

    /// <summary>The simulator, for a demo.</summary>
    /// <exception cref="UnusableOptionException">The app is published: the simulator is no part of a deployment.</exception>
    public static Upstream AddSimulator(this IDistributedApplicationBuilder builder, TelemetryTarget telemetry)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            throw new UnusableOptionException("--demo is for running, not for publishing: the simulator is no part of a deployment.");
        }

        var simulator = builder.AddProject<Projects.Simulator>("simulator")
            .WithEnvironment("Simulator__ChunkDelay", "20ms")
            .WithEnvironment("Simulator__Billing", Configured.Find(builder.Configuration, new("Simulator:Billing")) ?? BillingOfToday)
            .WithTelemetryTo(telemetry)
            .WithoutInherited(Inherited.Keys)
            .WithoutInherited(Inherited.OfBilling)
            .WithEndpoint("http", endpoint => endpoint.Port = null)
            .WithHttpHealthCheck("/health/ready");
        return new Upstream("the simulator (demo)", 1, simulator, BaseUrl: null, builder.AddSecret("openai-api-key", "sk-demo"));
    }

    /// <summary>
    /// Tells <paramref name="service"/> the upstream's address. Traces go on in the simulator, unless <c>OpenAI:PropagateTrace</c> says
    /// otherwise; no other upstream is told of them.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithUpstream(this IResourceBuilder<ProjectResource> service, Upstream upstream)
    {
        if (upstream.Simulator is { } simulator)
        {
            var propagates = Configured.Find(service.ApplicationBuilder.Configuration, ServiceSetting.PropagateTrace) ?? "true";
            // A proxy of the shell is on the way to OpenAI; it knows no way back to this machine.
            return service.WithoutInherited(Inherited.Proxies)
                .WithEnvironment(ServiceSetting.BaseUrl.Variable, simulator.GetEndpoint("http"))
                .WithEnvironment(ServiceSetting.PropagateTrace.Variable, propagates);
        }

        return service.WithEnvironment(ServiceSetting.BaseUrl.Variable, upstream.BaseUrl!);
    }

    /// <summary>Gives <paramref name="gateway"/> the operator's key.</summary>
    public static IResourceBuilder<ProjectResource> WithUpstreamKey(this IResourceBuilder<ProjectResource> gateway, Upstream upstream)
        => upstream.Key is null ? gateway
            : gateway.WithoutInherited(ServiceSetting.ApiKey).WithEnvironment(ServiceSetting.ApiKey.Variable, upstream.Key);
}

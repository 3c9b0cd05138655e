namespace Aspire.Hosting;

/// <summary>Deployments are described with Aspire only. Here these do nothing, so that the same AppHost compiles.</summary>
internal static class DeployExtensions
{
    public static IResourceBuilder<ParameterResource> AddDockerComposeEnvironment(this IDistributedApplicationBuilder builder, string name)
        => builder.AddParameter(name);

    public static IResourceBuilder<ParameterResource> WithDashboard(this IResourceBuilder<ParameterResource> builder, bool enabled = true) => builder;

    public static IResourceBuilder<ParameterResource> AddAzureContainerAppEnvironment(this IDistributedApplicationBuilder builder, string name)
        => builder.AddParameter(name);

    public static IResourceBuilder<ProjectResource> WithHttpProbe(
        this IResourceBuilder<ProjectResource> builder, ProbeType type, string? path = null, string? endpointName = null) => builder;
}

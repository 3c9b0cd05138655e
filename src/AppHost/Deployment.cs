// WithHttpProbe is marked as experimental; it is how the container platforms get their probes with the right port.
#pragma warning disable ASPIREPROBES001

namespace OpenAIProxy.AppHost;

/// <summary>What is true of a deployment only. One target at a time, so that no resource has to choose between two.</summary>
internal static class Deployment
{
    public static void Describe(
        IDistributedApplicationBuilder builder, Arguments arguments, IResourceBuilder<ProjectResource> gateway, IResourceBuilder<ProjectResource> billing)
    {
        if (arguments.PublishTo == "compose")
        {
            builder.AddDockerComposeEnvironment("compose").WithDashboard(false);
            // Container Apps give the outside port themselves, and refuse one that is asked for.
            gateway.WithEndpoint("http", endpoint => endpoint.Port = arguments.Port is 0 ? null : arguments.Port);
        }
        else
        {
            builder.AddAzureContainerAppEnvironment("aca");
        }

        foreach (var service in (IResourceBuilder<ProjectResource>[])[gateway, billing])
        {
            service.WithHttpProbe(ProbeType.Liveness, "/health/live", endpointName: "http")
                .WithHttpProbe(ProbeType.Readiness, "/health/ready", endpointName: "http");
        }
    }
}

// The pipeline of `aspire publish` is marked as experimental; there is no other way to give it a step.
#pragma warning disable ASPIREPIPELINES001

using Aspire.Hosting.Pipelines;

namespace OpenAIProxy.AppHost.Publishing;

/// <summary>What <c>aspire publish</c> writes.</summary>
internal static class ManifestExtensions
{
    // A step of Aspire's own, which `aspire publish` leaves out.
    private const string WriteManifest = "publish-manifest";

    /// <summary>
    /// Lets <c>aspire publish</c> write the manifest. Without that it succeeds and writes nothing: this app model names no compute
    /// environment, since the packages for these bring the tools of their platforms along.
    /// </summary>
    public static void PublishAsManifest(this IDistributedApplicationBuilder builder)
        => builder.Pipeline.AddStep("manifest", _ => Task.CompletedTask, dependsOn: WriteManifest, requiredBy: WellKnownPipelineSteps.Publish);
}

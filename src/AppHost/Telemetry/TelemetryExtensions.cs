namespace OpenAIProxy.AppHost.Telemetry;

/// <summary>Tells services where their telemetry goes.</summary>
internal static class TelemetryExtensions
{
    /// <summary>Lets <paramref name="service"/> send its telemetry to <paramref name="target"/>. For an app that runs only.</summary>
    public static IResourceBuilder<ProjectResource> WithTelemetryTo(this IResourceBuilder<ProjectResource> service, TelemetryTarget target)
        => service.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? service
            : service.WithEnvironment(context => target.Apply(context.EnvironmentVariables));
}

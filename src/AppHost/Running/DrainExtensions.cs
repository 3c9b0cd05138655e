using OpenAIProxy.AppHost.Settings;

namespace OpenAIProxy.AppHost.Running;

/// <summary>How long the gateway's open answers may go on when the app is ended.</summary>
internal static class DrainExtensions
{
    private const string Short = "5s";

    /// <summary>
    /// Gives open answers 5 seconds, unless <c>Forwarding:DrainTimeout</c> is configured: whoever presses Ctrl-C waits for the end. Published,
    /// the gateway's own default holds.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithShortDrain(this IResourceBuilder<ProjectResource> gateway)
        => gateway.ApplicationBuilder.ExecutionContext.IsPublishMode ? gateway : gateway.WithDefault(ServiceSetting.DrainTimeout, Short);
}

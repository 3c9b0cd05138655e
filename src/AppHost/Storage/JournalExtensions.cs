using OpenAIProxy.AppHost.Settings;

namespace OpenAIProxy.AppHost.Storage;

/// <summary>Tells the gateway where its journal is.</summary>
internal static class JournalExtensions
{
    /// <summary>
    /// Keeps the journal of <paramref name="gateway"/> in <paramref name="data"/>, unless <c>Metering:JournalDirectory</c> is configured.
    /// Published, it is in the container: usage stays there about a second on its way to the ledger, and leaves before a container that is
    /// told to stop ends. A folder on a volume is better, and set where the volume is.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithJournal(this IResourceBuilder<ProjectResource> gateway, DataFolder data)
        => gateway.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? gateway.WithEnvironment(ServiceSetting.JournalDirectory.Variable, "/tmp/openaiproxy-journal")
            : gateway.WithDefault(ServiceSetting.JournalDirectory, Path.Combine(data.Path, "journal"));
}

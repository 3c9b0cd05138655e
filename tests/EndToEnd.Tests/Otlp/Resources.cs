namespace OpenAIProxy.EndToEnd.Tests.Otlp;

/// <summary>What a batch says about its sender.</summary>
internal static class Resources
{
    /// <summary>The attribute <c>service.name</c> of the resource that stands first in a ResourceSpans, ResourceMetrics or ResourceLogs.</summary>
    public static string ServiceOf(ProtoMessage resource)
        => resource.Message(1)?.Messages(1).FirstOrDefault(a => a.Text(1) == "service.name")?.Message(2)?.Text(1) ?? "";
}

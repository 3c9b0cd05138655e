namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a resource listens.</summary>
internal sealed class EndpointAnnotation
{
    /// <summary>The port; null takes any free one.</summary>
    public int? Port { get; set; }

    /// <summary>True if people connect to it, not only other resources. Here that makes no difference: all listen on this machine only.</summary>
    public bool IsExternal { get; set; }
}

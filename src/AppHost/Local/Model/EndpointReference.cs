namespace Aspire.Hosting.ApplicationModel;

/// <summary>The address of a resource, known once the app starts.</summary>
internal sealed record EndpointReference(ProjectResource Resource, string EndpointName)
{
    public string Url => Resource.Url;
}

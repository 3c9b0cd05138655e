namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// An <see cref="OpenAIProxyResource"/> that runs as a process of this machine. It takes the resource's place in the app model, since Aspire
/// starts only resources of this type as processes. Both share their annotations: environment, endpoints, waits.
/// </summary>
internal sealed class OpenAIProxyProcess(OpenAIProxyResource resource, string command, string workingDirectory)
    : ExecutableResource(resource.Name, command, workingDirectory), IResourceWithConnectionString
{
    /// <inheritdoc/>
    // The base's constructor adds to them; a parameter of this class is there by then.
    public override ResourceAnnotationCollection Annotations => resource.Annotations;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => resource.ConnectionStringExpression;

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
        => ((IResourceWithConnectionString)resource).GetConnectionProperties();
}

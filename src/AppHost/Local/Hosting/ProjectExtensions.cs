namespace Aspire.Hosting;

/// <summary>What is said about a project: its variables, its endpoint, what it waits for.</summary>
internal static class ProjectExtensions
{
    public static EndpointReference GetEndpoint(this IResourceBuilder<ProjectResource> builder, string name) => new(builder.Resource, name);

    public static IResourceBuilder<ProjectResource> WithEndpoint(
        this IResourceBuilder<ProjectResource> builder, string endpointName, Action<EndpointAnnotation> callback)
    {
        callback(builder.Resource.Endpoint);
        return builder;
    }

    public static IResourceBuilder<ProjectResource> WithEnvironment(
        this IResourceBuilder<ProjectResource> builder, string name, string? value)
        => builder.WithVariable(name, () => new(value));

    public static IResourceBuilder<ProjectResource> WithEnvironment(
        this IResourceBuilder<ProjectResource> builder, string name, IResourceBuilder<ParameterResource> parameter)
        => builder.WithVariable(name, () => new(parameter.Resource.Value));

    public static IResourceBuilder<ProjectResource> WithEnvironment(
        this IResourceBuilder<ProjectResource> builder, string name, EndpointReference endpointReference)
        => builder.WithVariable(name, () => new(endpointReference.Url));

    public static IResourceBuilder<ProjectResource> WithReference(
        this IResourceBuilder<ProjectResource> builder, IResourceBuilder<IResourceWithConnectionString> source)
        => builder.WithVariable($"ConnectionStrings__{source.Resource.Name}", () => source.Resource.GetConnectionStringAsync());

    public static IResourceBuilder<ProjectResource> WithReference(
        this IResourceBuilder<ProjectResource> builder, EndpointReference endpointReference)
    {
        var (name, scheme) = (endpointReference.Resource.Name, endpointReference.EndpointName);
        return builder.WithEnvironment($"services__{name}__{scheme}__0", endpointReference)
            .WithEnvironment($"{name}_{scheme}".Replace('-', '_').ToUpperInvariant(), endpointReference);
    }

    public static IResourceBuilder<ProjectResource> WaitFor(this IResourceBuilder<ProjectResource> builder, IResourceBuilder<IResource> dependency)
    {
        builder.Resource.WaitsFor.Add(dependency.Resource);
        return builder;
    }

    public static IResourceBuilder<ProjectResource> WithHttpHealthCheck(this IResourceBuilder<ProjectResource> builder, string path)
    {
        builder.Resource.HealthPath = path;
        return builder;
    }

    public static IResourceBuilder<ProjectResource> OnResourceReady(
        this IResourceBuilder<ProjectResource> builder, Func<ProjectResource, ResourceReadyEvent, CancellationToken, Task> callback)
    {
        builder.Resource.WhenReady = stop => callback(builder.Resource, new ResourceReadyEvent(builder.Resource), stop);
        return builder;
    }

    private static IResourceBuilder<ProjectResource> WithVariable(
        this IResourceBuilder<ProjectResource> builder, string name, Func<ValueTask<string?>> value)
    {
        builder.Resource.Environment.Add((name, value));
        return builder;
    }
}

using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Runs OpenAIProxy as a process of this machine, where there is no container engine. What is published remains a container.</summary>
public static class OpenAIProxyProcessExtensions
{
    /// <summary>Runs it from its source, with <c>dotnet run</c>.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="projectPath">The project <c>src/Standalone</c>: its file or folder, absolute or relative to the AppHost's folder.</param>
    /// <param name="dataFolder">The folder of ledger and journal, absolute or relative to the AppHost's folder; null for one in its <c>obj</c>.</param>
    public static IResourceBuilder<OpenAIProxyResource> RunAsProject(
        this IResourceBuilder<OpenAIProxyResource> builder, string projectPath, string? dataFolder = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(projectPath);
        var path = Path.GetFullPath(projectPath, builder.ApplicationBuilder.AppHostDirectory);
        return builder.RunAsProcess("dotnet", ["run", "--project", path, "--no-launch-profile", "--"], dataFolder);
    }

    /// <summary>Runs the .NET tool <c>openai-proxy</c>, or another build of that program.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="command">The program: a name to be found on the PATH, or a path.</param>
    /// <param name="dataFolder">The folder of ledger and journal, absolute or relative to the AppHost's folder; null for one in its <c>obj</c>.</param>
    public static IResourceBuilder<OpenAIProxyResource> RunAsTool(
        this IResourceBuilder<OpenAIProxyResource> builder, string command = "openai-proxy", string? dataFolder = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(command);
        return builder.RunAsProcess(command, [], dataFolder);
    }

    private static IResourceBuilder<OpenAIProxyResource> RunAsProcess(
        this IResourceBuilder<OpenAIProxyResource> builder, string command, string[] launcher, string? dataFolder)
    {
        var app = builder.ApplicationBuilder;
        if (app.ExecutionContext.IsPublishMode)
        {
            return builder;
        }

        var data = Path.GetFullPath(dataFolder ?? Path.Combine("obj", "openai-proxy", builder.Resource.Name), app.AppHostDirectory);
        // Not before: until then it is a container to Aspire's WithImage and the like.
        app.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            Replace(start.Model.Resources, builder.Resource, command, app.AppHostDirectory);
            return Task.CompletedTask;
        });
        return builder
            .WithArgs(context =>
            {
                object[] first = [.. launcher, "run", "--data", data];
                for (var at = 0; at < first.Length; at++)
                {
                    context.Args.Insert(at, first[at]);
                }
            })
            .WithEnvironment("ASPNETCORE_URLS", ReferenceExpression.Create(
                $"http://localhost:{builder.Resource.PrimaryEndpoint.Property(EndpointProperty.TargetPort)}"));
    }

    private static void Replace(IResourceCollection resources, OpenAIProxyResource resource, string command, string workingDirectory)
    {
        foreach (var image in resource.Annotations.OfType<ContainerImageAnnotation>().ToArray())
        {
            resource.Annotations.Remove(image);
        }

        // The image's own port; a process takes any free one.
        resource.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == OpenAIProxyResource.EndpointName).TargetPort = null;
        resources.Remove(resource);
        resources.Add(new OpenAIProxyProcess(resource, command, workingDirectory));
    }
}

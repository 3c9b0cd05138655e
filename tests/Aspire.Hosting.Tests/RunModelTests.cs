using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace OpenAIProxy.Hosting.Tests;

/// <summary>The app model of an app that is about to run OpenAIProxy as a process.</summary>
public sealed class RunModelTests
{
    [Fact]
    public async Task Process_OfTheTool_ReplacesTheContainer()
    {
        var process = await ProcessAsync(ai => ai.RunAsTool("/opt/openai-proxy", "data").WithImageTag("0.1.0"));

        Assert.Equal("ai", process.Name);
        Assert.Equal("/opt/openai-proxy", process.Command);
        Assert.False(process.IsContainer());
        Assert.Equal(["run", "--data", Path.Combine(process.WorkingDirectory, "data"), "--demo"], await ArgumentsAsync(process));
        Assert.Null(Assert.Single(process.Annotations.OfType<EndpointAnnotation>()).TargetPort);
    }

    [Fact]
    public async Task Process_OfTheProject_IsStartedByDotnetRun()
    {
        var process = await ProcessAsync(ai => ai.RunAsProject("standalone"));

        Assert.Equal("dotnet", process.Command);
        Assert.Equal(
            [
                "run", "--project", Path.Combine(process.WorkingDirectory, "standalone"), "--no-launch-profile", "--",
                "run", "--data", Path.Combine(process.WorkingDirectory, "obj", "openai-proxy", "ai"), "--demo",
            ],
            await ArgumentsAsync(process));
    }

    [Theory]
    [InlineData(null, "5s")]
    [InlineData("20s", "20s")]
    public async Task Running_ItEndsSoon_UnlessTheAppSaysOtherwise(string? said, string expected)
    {
        var process = await ProcessAsync(ai =>
        {
            ai.RunAsTool();
            if (said is not null)
            {
                ai.WithEnvironment("Forwarding__DrainTimeout", said);
            }
        });

        var context = new EnvironmentCallbackContext(new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run), process);
        foreach (var annotation in process.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        Assert.Equal(expected, context.EnvironmentVariables["Forwarding__DrainTimeout"]);
    }

    private static async Task<ExecutableResource> ProcessAsync(Action<IResourceBuilder<OpenAIProxyResource>> runAs)
    {
        // An AppHost, of which Aspire reads where its orchestrator is.
        var builder = DistributedApplication.CreateBuilder(
            new DistributedApplicationOptions { AssemblyName = nameof(Projects.SecondAppHost), DisableDashboard = true });
        var ai = builder.AddOpenAIProxy("ai").WithArgs("--demo");
        runAs(ai);
        await using var app = builder.Build();
        var model = app.Services.GetRequiredService<DistributedApplicationModel>();
        await builder.Eventing.PublishAsync(new BeforeStartEvent(app.Services, model));

        Assert.DoesNotContain(ai.Resource, model.Resources);
        return Assert.IsAssignableFrom<ExecutableResource>(model.Resources.Single(resource => resource.Name == "ai"));
    }

    private static async Task<IEnumerable<object>> ArgumentsAsync(ExecutableResource resource)
    {
        var arguments = new List<object>();
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(new CommandLineArgsCallbackContext(arguments));
        }

        return arguments;
    }
}

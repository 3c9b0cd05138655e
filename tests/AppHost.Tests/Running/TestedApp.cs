using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.AppHost.Tests.Running;

/// <summary>
/// The app with its AppHost in the test process; the services, Redis and Aspire's orchestrator are processes of their own. Journal and
/// ledger are in a folder that is gone afterwards.
/// </summary>
internal sealed class TestedApp : IAsyncDisposable
{
    /// <summary>A start takes 10 seconds on a machine that has time for it.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-tested-");
    private readonly DistributedApplication _app;

    private TestedApp(IDistributedApplicationTestingBuilder builder)
    {
        Resources = builder.Resources;
        Project(builder, "gateway").WithEnvironment("Metering__JournalDirectory", Path.Combine(_folder.FullName, "journal"));
        Project(builder, "billing").WithEnvironment("Ledger__File", Path.Combine(_folder.FullName, "ledger.db"));
        _app = builder.Build();
    }

    /// <summary>The resources of the model.</summary>
    public IResourceCollection Resources { get; }

    /// <summary>Says how the resources are.</summary>
    public ResourceNotificationService Notifications => _app.ResourceNotifications;

    /// <summary>The gateway's address; of several gateways, that of the proxy in front of them.</summary>
    public Uri Gateway => _app.GetEndpoint("gateway", "http");

    /// <summary>Starts the app in a shell with <paramref name="variables"/>, and waits until its gateway is ready.</summary>
    public static async Task<TestedApp> StartAsync(string[] arguments, params (string Name, string? Value)[] variables)
    {
        // The orchestrator inherits the environment at its start, and the services inherit the orchestrator's.
        using var environment = new EnvironmentScope(variables);
        var app = new TestedApp(await Model.CreateAsync(arguments));
        try
        {
            await app._app.StartAsync().WaitAsync(StartLimit);
            await app.HealthyAsync("gateway");
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a resource is healthy.</summary>
    public Task HealthyAsync(string resource) => Notifications.WaitForResourceHealthyAsync(resource).WaitAsync(StartLimit);

    /// <summary>Waits until <paramref name="count"/> instances of a service are healthy, and returns them.</summary>
    public async Task<IReadOnlyList<ResourceEvent>> InstancesAsync(string resource, int count)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var instances = new Dictionary<string, ResourceEvent>();
        await foreach (var change in Notifications.WatchAsync(limit.Token))
        {
            if (change.Resource.Name == resource && change.Snapshot.HealthStatus is Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy)
            {
                instances[change.ResourceId] = change;
                if (instances.Count == count)
                {
                    break;
                }
            }
        }

        return [.. instances.Values];
    }

    /// <summary>The value of a parameter.</summary>
    public async Task<string> ParameterAsync(string name)
        => (await Resources.OfType<ParameterResource>().Single(r => r.Name == name).GetValueAsync(CancellationToken.None).Guarded())!;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync().AsTask().WaitAsync(StartLimit);
        _folder.Delete(recursive: true);
    }

    private static IResourceBuilder<ProjectResource> Project(IDistributedApplicationTestingBuilder builder, string name)
        => builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(r => r.Name == name));
}

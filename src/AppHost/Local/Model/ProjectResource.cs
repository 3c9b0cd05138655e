namespace Aspire.Hosting.ApplicationModel;

/// <summary>A project that runs as a process.</summary>
internal sealed class ProjectResource(string name, IProjectMetadata project) : IResource
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public IProjectMetadata Project => project;

    public Task Ready => _ready.Task;

    public EndpointAnnotation Endpoint { get; } = new();

    /// <summary>People say localhost, which may be IPv6; the parts of the app need no such choice.</summary>
    public string Url => $"http://{(Endpoint.IsExternal ? "localhost" : "127.0.0.1")}:{Endpoint.Port}";

    /// <summary>Variables for the process, in order; a null value leaves the variable out.</summary>
    public List<(string Name, Func<ValueTask<string?>> Value)> Environment { get; } = [];

    /// <summary>What has to be ready before it starts.</summary>
    public List<IResource> WaitsFor { get; } = [];

    public string HealthPath { get; set; } = "/";

    public Func<CancellationToken, Task> WhenReady { get; set; } = _ => Task.CompletedTask;

    public void SetReady() => _ready.TrySetResult();
}

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis of our own; without a connection string after its start if there is no redis-server.</summary>
internal sealed class RedisResource(string name) : IResourceWithConnectionString
{
    private readonly TaskCompletionSource<string?> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public Task Ready => _started.Task;

    public async ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default)
        => await _started.Task.WaitAsync(cancellationToken);

    public void SetStarted(string? connectionString) => _started.TrySetResult(connectionString);
}

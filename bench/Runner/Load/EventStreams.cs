namespace OpenAIProxy.Runner.Load;

/// <summary>Many chat streams at once.</summary>
internal sealed class EventStreams : IDisposable
{
    private const int OpenedAtOnce = 100;
    private readonly List<EventStream> _streams = [];

    /// <summary>Events read so far, on all streams.</summary>
    public long Events => _streams.Sum(s => s.Events);

    /// <summary>HTTP chunks read so far, on all streams.</summary>
    public long Chunks => _streams.Sum(s => s.Chunks);

    /// <summary>Opens streams until there are <paramref name="count"/>; each has had its first event.</summary>
    public async Task OpenAsync(int port, int count, string behavior, int bufferSize, CancellationToken cancellationToken)
    {
        while (_streams.Count < count)
        {
            var opened = Enumerable.Range(0, Math.Min(OpenedAtOnce, count - _streams.Count)).Select(_ => new EventStream(behavior, bufferSize)).ToArray();
            _streams.AddRange(opened);
            await Task.WhenAll(opened.Select(s => s.OpenAsync(port, cancellationToken)));
        }
    }

    /// <summary>Reads all streams until cancelled.</summary>
    public Task ReadOnAsync(CancellationToken cancellationToken) => Task.WhenAll(_streams.Select(s => s.ReadOnAsync(cancellationToken)));

    public void Dispose() => _streams.ForEach(s => s.Dispose());
}

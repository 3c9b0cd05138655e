using System.Collections.Concurrent;

namespace OpenAIProxy.Gateway.Forwarding.Sockets;

/// <summary>Frames of the gateway's own that wait for their place among those of the upstream. One thread adds, another takes.</summary>
internal sealed class ErrorQueue
{
    /// <summary>A client that sends on and reads nothing must not fill the memory.</summary>
    private const int Most = 100;

    private readonly ConcurrentQueue<byte[]> _frames = new();
    private volatile TaskCompletionSource _added = Signal();

    /// <summary>True if none waits.</summary>
    public bool IsEmpty => _frames.IsEmpty;

    /// <summary>Completes when one has been added.</summary>
    public Task Added => _added.Task;

    /// <summary>Adds one.</summary>
    /// <exception cref="IOException">Too many wait.</exception>
    public void Add(byte[] frame)
    {
        if (_frames.Count >= Most)
        {
            throw new IOException("The client reads none of what it is told.");
        }

        _frames.Enqueue(frame);
        _added.TrySetResult();
    }

    /// <summary>Takes the oldest; null if none waits. After that <see cref="Added"/> tells of the next.</summary>
    public byte[]? Take()
    {
        if (_added.Task.IsCompleted)
        {
            // Before the look: what is added after it completes the new one.
            _added = Signal();
        }

        return _frames.TryDequeue(out var frame) ? frame : null;
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

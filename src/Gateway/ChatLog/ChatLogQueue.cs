using System.Threading.Channels;
using OpenAIProxy.Gateway.ChatLog.Calls;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>Calls that wait to be written down. It takes so many and no more: a call never waits for the disk.</summary>
internal sealed class ChatLogQueue(ChatLogTelemetry telemetry)
{
    private const int MostCalls = 4096;
    private const string Stopped = "the gateway stopped";

    /// <summary>Bytes of all bodies that wait. One call alone may have more.</summary>
    private const long MostBytes = 128 * 1024 * 1024;

    private readonly Channel<LoggedEntry> _calls = Channel.CreateBounded<LoggedEntry>(MostCalls);
    private long _bytes;
    private volatile bool _isComplete;

    /// <summary>Takes a call, or counts it as lost.</summary>
    public void Add(LoggedEntry entry)
    {
        var bytes = Interlocked.Add(ref _bytes, entry.Size);
        if ((bytes <= MostBytes || bytes == entry.Size) && _calls.Writer.TryWrite(entry))
        {
            return;
        }

        Drop(entry, _isComplete ? Stopped : "too many wait for the disk");
    }

    /// <summary>All calls, as they come, until <see cref="Complete"/>. Each is to be given to <see cref="Release"/>.</summary>
    public IAsyncEnumerable<LoggedEntry> ReadAllAsync() => _calls.Reader.ReadAllAsync();

    /// <summary>Gives the memory of a call back.</summary>
    public void Release(LoggedEntry entry)
    {
        Interlocked.Add(ref _bytes, -entry.Size);
        entry.Release();
    }

    /// <summary>No more will come.</summary>
    public void Complete()
    {
        _isComplete = true;
        _calls.Writer.TryComplete();
    }

    /// <summary>Counts as lost what still waits.</summary>
    public void DropAll()
    {
        while (_calls.Reader.TryRead(out var entry))
        {
            Drop(entry, Stopped);
        }
    }

    private void Drop(LoggedEntry entry, string reason)
    {
        Release(entry);
        telemetry.Dropped(reason);
    }
}

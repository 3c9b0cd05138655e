using System.Threading.Channels;
using OpenAIProxy.Gateway.ChatLog.Calls;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>Calls that wait to be written down. It takes so many and no more: a call never waits for the disk.</summary>
internal sealed class ChatLogQueue(ChatLogTelemetry telemetry)
{
    private const int MostCalls = 4096;
    private const string Stopped = "the gateway stopped";

    private readonly Channel<LoggedEntry> _calls = Channel.CreateBounded<LoggedEntry>(MostCalls);
    private volatile bool _isComplete;

    /// <summary>Takes a call, or counts it as lost.</summary>
    public void Add(LoggedEntry entry)
    {
        if (!_calls.Writer.TryWrite(entry))
        {
            Drop(entry, _isComplete ? Stopped : "too many wait for the disk");
        }
    }

    /// <summary>All calls, as they come, until <see cref="Complete"/>. Who takes one releases it.</summary>
    public IAsyncEnumerable<LoggedEntry> ReadAllAsync() => _calls.Reader.ReadAllAsync();

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
        entry.Release();
        telemetry.Dropped(reason);
    }
}

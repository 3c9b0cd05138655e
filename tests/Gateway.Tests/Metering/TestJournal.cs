using System.Collections.Concurrent;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal;
using OpenAIProxy.UsageJournal.Calls;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>A journal in memory that counts what begins and ends.</summary>
internal sealed class TestJournal : IUsageJournal
{
    private readonly ConcurrentDictionary<int, CallStart> _open = new();
    private readonly ConcurrentQueue<UsageRecord> _records = new();
    private readonly ConcurrentQueue<string> _wrongs = new();
    private int _next;

    public bool IsWritable { get; set; } = true;

    public IReadOnlyList<UsageRecord> Records => [.. _records];

    public IReadOnlyList<CallStart> Starts => [.. _open.Values];

    public int Progressed { get; private set; }

    public OpenCall Begin(in CallStart call)
    {
        var slot = Interlocked.Increment(ref _next);
        _open[slot] = call;
        return new OpenCall(slot);
    }

    public void Progress(OpenCall call, int outputEstimate)
    {
        Progressed++;
        if (!_open.ContainsKey(call.Slot))
        {
            _wrongs.Enqueue($"Progress of {call}, which is not open.");
        }
    }

    public void End(OpenCall call, UsageRecord record)
    {
        if (!_open.TryRemove(call.Slot, out var start) || start.Id != record.Id)
        {
            _wrongs.Enqueue($"End of {call}, which is not open.");
        }

        _records.Enqueue(record);
    }

    /// <summary>The records, when there are that many and no call is open any more.</summary>
    public async Task<IReadOnlyList<UsageRecord>> WaitAsync(int count)
    {
        await HangGuard.Until(() => _records.Count >= count && _open.IsEmpty, $"{count} records; there are {_records.Count}, {_open.Count} open");
        Assert.Empty(_wrongs);
        Assert.Equal(count, _records.Count);
        return Records;
    }
}

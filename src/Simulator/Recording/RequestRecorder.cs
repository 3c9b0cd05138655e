using System.Globalization;

namespace OpenAIProxy.Simulator.Recording;

/// <summary>Keeps the last 10,000 requests that asked to be recorded, by id.</summary>
public sealed class RequestRecorder
{
    /// <summary>How many requests are kept; the oldest go first.</summary>
    public const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly LinkedList<RecordedRequest> _requests = new();
    private readonly Dictionary<string, List<RecordedRequest>> _byId = [];
    private TaskCompletionSource _change = NewChange();
    private long _count;

    /// <summary>All requests that are kept, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> All()
    {
        lock (_lock)
        {
            return [.. _requests];
        }
    }

    /// <summary>The requests under an id, oldest first; empty if there are none.</summary>
    public IReadOnlyList<RecordedRequest> Find(string id)
    {
        lock (_lock)
        {
            return _byId.TryGetValue(id, out var found) ? [.. found] : [];
        }
    }

    /// <summary>
    /// Waits for a request under an id of which <paramref name="predicate"/> is true, and returns the newest such one.
    /// It is asked again whenever a request arrives, some of its body is read, or it ends.
    /// </summary>
    public async Task<RecordedRequest> WaitAsync(string id, Func<RecordedRequest, bool> predicate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        while (true)
        {
            var change = Volatile.Read(ref _change).Task;
            if (Find(id).LastOrDefault(predicate) is { } found)
            {
                return found;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets the requests under an id.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            if (_byId.Remove(id, out var forgotten))
            {
                foreach (var request in forgotten)
                {
                    _requests.Remove(request);
                }
            }
        }
    }

    /// <summary>Forgets all requests.</summary>
    public void ForgetAll()
    {
        lock (_lock)
        {
            _requests.Clear();
            _byId.Clear();
        }
    }

    /// <summary>Keeps a request, under its number if it has no id.</summary>
    internal void Add(string? id, RecordedRequest request)
    {
        lock (_lock)
        {
            request.Id = id ?? (++_count).ToString(CultureInfo.InvariantCulture);
            _requests.AddLast(request);
            if (!_byId.TryGetValue(request.Id, out var list))
            {
                _byId.Add(request.Id, list = []);
            }

            list.Add(request);
            if (_requests.Count > Capacity)
            {
                ForgetOldest();
            }
        }

        Changed();
    }

    /// <summary>Wakes those who wait.</summary>
    internal void Changed() => Interlocked.Exchange(ref _change, NewChange()).TrySetResult();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void ForgetOldest()
    {
        var oldest = _requests.First!.Value;
        _requests.RemoveFirst();
        var list = _byId[oldest.Id];
        list.RemoveAt(0);
        if (list.Count == 0)
        {
            _byId.Remove(oldest.Id);
        }
    }
}

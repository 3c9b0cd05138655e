using System.Collections.Concurrent;

namespace OpenAIProxy.Usage.Answers;

/// <summary>
/// What was asked of background responses and is not repeated by them, by their ids: they are charged when somebody looks at their end, by
/// another call. In memory only; the ledger knows the completion window by itself (<see cref="Contracts.CompletionWindow"/>).
/// </summary>
internal sealed class BackgroundRequests
{
    /// <summary>As many are kept at least, and twice as many at most: about 200 bytes each.</summary>
    private const int Most = 8192;

    private readonly Lock _lock = new();
    private volatile ConcurrentDictionary<(string Owner, string Id), ResponseOptions> _newer = new();
    private volatile ConcurrentDictionary<(string Owner, string Id), ResponseOptions> _older = new();
    private int _count;

    /// <summary>Keeps it.</summary>
    /// <param name="owner">Whose the response is, if not the operator's.</param>
    /// <param name="id">The response's id.</param>
    /// <param name="options">What was asked.</param>
    public void Keep(string? owner, string id, ResponseOptions options)
    {
        lock (_lock)
        {
            if (++_count > Most)
            {
                _older = _newer;
                _newer = new();
                _count = 1;
            }

            _newer[(owner ?? "", id)] = options;
        }
    }

    /// <summary>What was asked; null if it is not known any more, or never was.</summary>
    public ResponseOptions? Find(string? owner, string id)
    {
        var key = (owner ?? "", id);
        return _newer.TryGetValue(key, out var options) || _older.TryGetValue(key, out options) ? options : null;
    }
}

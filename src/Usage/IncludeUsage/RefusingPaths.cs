using System.Collections.Concurrent;

namespace OpenAIProxy.Usage.IncludeUsage;

/// <summary>
/// The paths at which the upstream refuses <c>stream_options</c>, as some servers and old API versions do: it took the same request
/// without. They are tried again after an hour.
/// </summary>
internal sealed class RefusingPaths(TimeProvider time)
{
    /// <summary>Paths. Callers choose them, and a server may answer at any.</summary>
    private const int MostPaths = 1000;

    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _paths = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True if usage is not to be asked for at this path.</summary>
    public bool Contains(string path) => !_paths.IsEmpty && _paths.TryGetValue(path, out var until) && time.GetUtcNow() < until;

    /// <summary>The upstream refused the option at this path, and nothing else. True if that is new.</summary>
    public bool Add(string path)
    {
        var until = time.GetUtcNow() + Remembered;
        if (_paths.ContainsKey(path))
        {
            _paths[path] = until;
            return false;
        }

        return HasRoom() && _paths.TryAdd(path, until);
    }

    private bool HasRoom()
    {
        if (_paths.Count < MostPaths)
        {
            return true;
        }

        var now = time.GetUtcNow();
        foreach (var path in _paths.Where(p => p.Value <= now))
        {
            // Unless it was refused again meanwhile.
            _paths.TryRemove(path);
        }

        return _paths.Count < MostPaths;
    }
}

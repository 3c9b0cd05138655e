using System.Collections.Concurrent;

namespace OpenAIProxy.Gateway.Metering.Requests;

/// <summary>
/// Remembers the paths at which the upstream refuses <c>stream_options</c>, as some servers and old API versions do: it took the same
/// request without. They are tried again after an hour.
/// </summary>
internal sealed partial class UsageOptionSupport(TimeProvider time, ILogger<UsageOptionSupport> logger)
{
    /// <summary>Paths. Callers choose them, and a server may answer at any.</summary>
    private const int MostPaths = 1000;

    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _refused = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True if usage is not to be asked for at this path.</summary>
    public bool IsRefused(PathString path)
        => !_refused.IsEmpty && _refused.TryGetValue(path.Value ?? "", out var until) && time.GetUtcNow() < until;

    /// <summary>The upstream refused the option at this path, and nothing else.</summary>
    public void Refused(PathString path)
    {
        var (name, until) = (path.Value ?? "", time.GetUtcNow() + Remembered);
        if (_refused.ContainsKey(name))
        {
            _refused[name] = until;
        }
        else if (HasRoom() && _refused.TryAdd(name, until))
        {
            // Encoded, as the path may hold anything.
            LogRefused(logger, path.ToUriComponent());
        }
    }

    private bool HasRoom()
    {
        if (_refused.Count < MostPaths)
        {
            return true;
        }

        var now = time.GetUtcNow();
        foreach (var path in _refused.Where(p => p.Value <= now))
        {
            // Unless it was refused again meanwhile.
            _refused.TryRemove(path);
        }

        return _refused.Count < MostPaths;
    }

    [LoggerMessage(2304, LogLevel.Warning, "The upstream refused stream_options.include_usage at {Path}, and took the request without it. "
        + "Usage is not asked for there for an hour at a time: streams that don't tell it are estimated.")]
    private static partial void LogRefused(ILogger logger, string path);
}

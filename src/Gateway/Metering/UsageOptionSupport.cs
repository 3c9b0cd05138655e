using OpenAIProxy.Usage.IncludeUsage;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>Remembers where the upstream refuses <c>stream_options</c>, and logs it.</summary>
internal sealed partial class UsageOptionSupport(TimeProvider time, ILogger<UsageOptionSupport> logger)
{
    private readonly RefusingPaths _paths = new(time);

    /// <summary>True if usage is not to be asked for at this path.</summary>
    public bool IsRefused(PathString path) => _paths.Contains(path.Value ?? "");

    /// <summary>The upstream refused the option at this path, and nothing else.</summary>
    public void Refused(PathString path)
    {
        if (_paths.Add(path.Value ?? ""))
        {
            // Encoded, as the path may hold anything.
            LogRefused(logger, path.ToUriComponent());
        }
    }

    [LoggerMessage(2304, LogLevel.Warning, "The upstream refused stream_options.include_usage at {Path} and accepted the same request without it. "
        + "The gateway leaves it out there for an hour; the usage of streams that don't report it is estimated.")]
    private static partial void LogRefused(ILogger logger, string path);
}

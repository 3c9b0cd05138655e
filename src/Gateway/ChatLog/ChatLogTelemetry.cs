using System.Diagnostics.Metrics;
using OpenAIProxy.Gateway.ChatLog.Files;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>Tells that lines of the chat log were lost. Nothing of what they said.</summary>
internal sealed partial class ChatLogTelemetry(IMeterFactory meters, TimeProvider time, ILogger<ChatLogTelemetry> logger)
{
    public const string Name = "OpenAIProxy.ChatLog";
    public const string DroppedName = "openaiproxy.chat_log.dropped";

    private readonly Counter<long> _dropped = meters.Create(Name).CreateCounter<long>(
        DroppedName, "{line}", "Lines of the chat log that were lost, because the disk is full or slow.");
    private readonly OncePerPeriod _warning = new(time, TimeSpan.FromMinutes(1));
    private readonly OncePerPeriod _deletion = new(time, TimeSpan.FromHours(1));

    /// <summary>A line was lost.</summary>
    /// <param name="reason">Why, without anything that was said in the call.</param>
    public void Dropped(string reason)
    {
        _dropped.Add(1);
        if (_warning.TryPass(out var others))
        {
            LogDropped(logger, reason, others);
        }
    }

    /// <summary>A file of a day that is over can't be deleted.</summary>
    public void NotDeleted(UndeletedFile file)
    {
        if (_deletion.TryPass(out _))
        {
            LogNotDeleted(logger, file.Path, file.Reason);
        }
    }

    [LoggerMessage(2501, LogLevel.Warning,
        "The chat log lost a line ({Reason}); {Others} more since the last warning. Calls go on. If the disk is full and the journal is on it, too "
        + "(Metering:JournalDirectory), usage can't be written down either. Logged once a minute.")]
    private static partial void LogDropped(ILogger logger, string reason, long others);

    [LoggerMessage(2502, LogLevel.Warning,
        "The file {Path} of the chat log is older than ChatLog:KeepDays and can't be deleted ({Reason}). Tried again every 10 minutes; logged once an hour.")]
    private static partial void LogNotDeleted(ILogger logger, string path, string reason);
}

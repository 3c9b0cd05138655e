using System.Diagnostics.Metrics;
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

    [LoggerMessage(2501, LogLevel.Warning,
        "The chat log lost a line ({Reason}); {Others} more since the last warning. Calls and their usage are not affected. Logged once a minute.")]
    private static partial void LogDropped(ILogger logger, string reason, long others);
}

using Microsoft.Extensions.Logging;
using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal;

/// <summary>The journal's log messages: one per change of state, never one per record.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(2401, LogLevel.Error,
        "The journal in {Directory} can't be written ({Reason}). {Consequence}. The folder is set by Metering:JournalDirectory.")]
    public static partial void Broken(this ILogger logger, string directory, string reason, string consequence);

    [LoggerMessage(2402, LogLevel.Information, "The journal can be written again.")]
    public static partial void Mended(this ILogger logger);

    [LoggerMessage(2403, LogLevel.Error, "Usage records are being dropped, {Count} so far: the journal can't be written and its memory buffer is full.")]
    public static partial void Dropping(this ILogger logger, long count);

    [LoggerMessage(2404, LogLevel.Error, "{Count} usage records were dropped while the journal could not be written and its memory buffer was full.")]
    public static partial void Dropped(this ILogger logger, long count);

    [LoggerMessage(2405, LogLevel.Warning,
        "Recovered the journal of a killed gateway: {Records} records kept, {Torn} incomplete discarded, {Cut} open calls recorded as cut.")]
    public static partial void Recovered(this ILogger logger, int records, int torn, int cut);

    /// <summary>Says what became of a damaged file.</summary>
    public static void Damaged(this ILogger logger, DamageReport report, string path)
        => Damaged(logger, report.Name, report.Saved, report.LostText, path);

    [LoggerMessage(2406, LogLevel.Error,
        "A journal file is damaged ({Damage}): {Saved} usage records were saved, {Lost} lost. The file is kept as {Path}.")]
    private static partial void Damaged(ILogger logger, string damage, int saved, string lost, string path);

    [LoggerMessage(2407, LogLevel.Error, "The journal of a stopped gateway could not be recovered ({Reason}). Its usage is not counted yet; retrying.")]
    public static partial void NotAdopted(this ILogger logger, string reason);

    [LoggerMessage(2408, LogLevel.Warning,
        "The file system of {Directory} does not lock files. Journals of killed gateways are recovered only at a start, and each gateway needs its own Metering:JournalDirectory.")]
    public static partial void NoLocks(this ILogger logger, string directory);

    [LoggerMessage(2409, LogLevel.Error, "An iteration of the journal's background thread failed. The thread continues.")]
    public static partial void Failed(this ILogger logger, Exception exception);

    [LoggerMessage(2410, LogLevel.Error, "The usage of {Count} calls is lost: the gateway stops while the journal can't be written, and they were in memory only.")]
    public static partial void Lost(this ILogger logger, int count);
}

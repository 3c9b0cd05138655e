using Microsoft.Extensions.Logging;

namespace OpenAIProxy.UsageJournal;

/// <summary>What the journal says: once when something changes, never per record.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(2401, LogLevel.Error,
        "The journal in {Directory} can't be written ({Reason}). {Consequence}; Metering:JournalDirectory names the folder.")]
    public static partial void Broken(this ILogger logger, string directory, string reason, string consequence);

    [LoggerMessage(2402, LogLevel.Information, "The journal can be written again.")]
    public static partial void Mended(this ILogger logger);

    [LoggerMessage(2403, LogLevel.Error, "Usage is being lost: neither disk nor memory has room for it. {Count} records so far.")]
    public static partial void Dropping(this ILogger logger, long count);

    [LoggerMessage(2404, LogLevel.Error, "The usage of {Count} calls was lost, as neither disk nor memory had room for it.")]
    public static partial void Dropped(this ILogger logger, long count);

    [LoggerMessage(2405, LogLevel.Warning,
        "The last gateway was killed: of its open journal {Records} usage records were kept, {Torn} torn ones cut off; {Cut} calls were open and are recorded as cut.")]
    public static partial void Recovered(this ILogger logger, int records, int torn, int cut);

    /// <summary>Says what became of a damaged file.</summary>
    public static void Damaged(this ILogger logger, DamageReport report, string path)
        => Damaged(logger, report.Name, report.Saved, report.LostText, path);

    [LoggerMessage(2406, LogLevel.Error,
        "A journal file is damaged ({Damage}): {Saved} usage records were saved, {Lost} lost. The file is kept as {Path}.")]
    private static partial void Damaged(ILogger logger, string damage, int saved, string lost, string path);

    [LoggerMessage(2407, LogLevel.Error, "A journal that another gateway left behind can't be taken over ({Reason}); it is tried again.")]
    public static partial void NotAdopted(this ILogger logger, string reason);

    [LoggerMessage(2408, LogLevel.Warning,
        "The disk of {Directory} doesn't lock files: a gateway finds what an earlier one left only when it starts, and each needs a folder of its own.")]
    public static partial void NoLocks(this ILogger logger, string directory);

    [LoggerMessage(2409, LogLevel.Error, "The journal's thread failed; it goes on.")]
    public static partial void Failed(this ILogger logger, Exception exception);

    [LoggerMessage(2410, LogLevel.Error, "The gateway stops with the usage of {Count} calls in memory only: the journal can't be written. It is lost.")]
    public static partial void Lost(this ILogger logger, int count);
}

using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>Whether and where requests and answers are written down.</summary>
/// <param name="Directory">The folder of the log; null if there is none, which is the default.</param>
/// <param name="MaxBodyBytes">Bytes of a request or an answer that are kept, 1 KB to 64 MB.</param>
/// <param name="MaxFileBytes">Bytes of a file before the next one is begun, 64 KB to 64 GB. A longer line has a file of its own.</param>
/// <param name="KeepDays">Days (UTC) that a file is kept after its own, 1 to 3650.</param>
public sealed record ChatLogSettings(string? Directory, int MaxBodyBytes, long MaxFileBytes, int KeepDays)
{
    internal static readonly PathSetting DirectorySetting = new("ChatLog:Directory", null, "a folder that can be written; gateways may share one",
        "Where requests and answers are written down. Setting it turns the chat log on. Where the journal's folder is a mount, choose one on it or on another.")
    { Default = "chat beside Metering:JournalDirectory" };
    private static readonly BoolSetting EnabledSetting = new("ChatLog:Enabled", null,
        "Whether requests and answers are written down, with what callers and models say.")
    { Default = "true if ChatLog:Directory is set, else false", Aliases = ["LOG_CHAT"] };
    private static readonly SizeSetting MaxBodyBytesSetting = new("ChatLog:MaxBodyBytes", "1MB", "1KB", "64MB",
        "How much of a request or an answer is written down; the rest is cut off.", "64KB or 1MB");
    private static readonly SizeSetting MaxFileBytesSetting = new("ChatLog:MaxFileBytes", "100MB", "64KB", "64GB",
        "How large a file of the chat log becomes before the next one is begun. Each day (UTC) begins one, too.", "100MB or 1GB");
    private static readonly CountSetting KeepDaysSetting = new("ChatLog:KeepDays", 30, 1, 3650,
        "How many days files of the chat log are kept after their own.");

    internal static IReadOnlyList<Setting> All { get; } = [EnabledSetting, DirectorySetting, MaxBodyBytesSetting, MaxFileBytesSetting, KeepDaysSetting];

    /// <param name="reader">The settings.</param>
    /// <param name="journal">
    /// The folder of the journal, beside which the log is by default: on one machine the folder above is the service's. Where the journal's folder
    /// is a mount of its own, as in deploy/kubernetes/scaled and deploy/aca, ChatLog:Directory must be set.
    /// </param>
    internal static ChatLogSettings Read(SettingsReader reader, string journal)
    {
        var isOn = reader.Find(EnabledSetting) ?? reader.IsSet(DirectorySetting);
        var directory = reader.Get(DirectorySetting) ?? Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(journal)) ?? journal, "chat");
        return new ChatLogSettings(
            isOn ? directory : null, (int)reader.Get(MaxBodyBytesSetting), reader.Get(MaxFileBytesSetting), reader.Get(KeepDaysSetting));
    }
}

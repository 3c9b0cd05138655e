using Microsoft.Extensions.Logging;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>
/// Puts changed settings in force while the service runs: all that are right, or none. Services in one process change together.
/// </summary>
internal sealed partial class SettingsReload
{
    private readonly Lock _lock = new();
    private readonly List<SettingsPart> _parts = [];
    private readonly List<Action> _checks = [];
    private readonly ILogger<SettingsReload> _logger;
    private Dictionary<string, string> _read = [];
    private Dictionary<string, string> _last = [];
    private HashSet<string> _used = [];
    private string _forRestart = "";
    private volatile string _refusal = "";
    private string _told = "";

    public SettingsReload(SettingsPart own, ILogger<SettingsReload> logger)
    {
        _logger = logger;
        Add(own);
    }

    /// <summary>True while the files hold settings that can't be used.</summary>
    public bool IsRefused => _refusal.Length > 0;

    /// <summary>Adds the settings of another service in this process.</summary>
    public void Add(SettingsPart part)
    {
        lock (_lock)
        {
            _parts.Add(part);
            foreach (var (file, print) in part.Started)
            {
                // Changed between the reads of two services: whatever it holds now, one of them hasn't seen it.
                _read[file] = _read.GetValueOrDefault(file, print) == print ? print : WatchedFiles.Differing;
            }

            _used = Present(_read);
        }
    }

    /// <summary>Adds something else to check before settings are in force; it throws a <see cref="SettingsException"/>.</summary>
    public void Add(Action check)
    {
        lock (_lock)
        {
            _checks.Add(check);
        }
    }

    /// <summary>
    /// Looks at the files. What has changed is read when it is the same at two looks: the first may have seen half of it. What can't be used is
    /// read again and again: why may lie outside of the files, such as a disk that was away.
    /// </summary>
    public void Look()
    {
        lock (_lock)
        {
            var now = Fingerprints();
            var isSettled = AreSame(now, _last);
            _last = now;
            if (isSettled && (IsRefused || !AreSame(now, _read)))
            {
                Read(now);
            }
        }
    }

    /// <summary>Reads everything, changed or not.</summary>
    public void ReadNow()
    {
        lock (_lock)
        {
            // Whoever asks is told, even if nothing is new.
            _told = "";
            Read(Fingerprints());
        }
    }

    private void Read(Dictionary<string, string> now)
    {
        _last = now;
        // All settings of a file would be gone with it, and who may not call among them.
        var errors = _used.Where(file => !WatchedFiles.IsContent(now[file]))
            .Select(file => now[file] == WatchedFiles.Missing ? $"{file} is not there any more." : $"{file} can't be read.").ToList();
        var prepared = new List<PreparedReload>();
        foreach (var check in _checks)
        {
            Try(check, errors);
        }

        foreach (var part in _parts)
        {
            Try(() => prepared.Add(part.Prepare()), errors);
        }

        if (!AreSame(Fingerprints(), now))
        {
            // Who knows which content was read. The next look sees the change.
            return;
        }

        _read = now;
        if (errors.Count > 0)
        {
            Refuse(string.Join(" ", errors.Distinct()));
            return;
        }

        prepared.ForEach(part => part.Apply());
        _used = Present(now);
        _refusal = _told = "";
        Tell(prepared);
    }

    private void Refuse(string errors)
    {
        _refusal = errors;
        if (errors != _told)
        {
            LogRefused(_logger, errors);
        }

        _told = errors;
    }

    private void Tell(List<PreparedReload> prepared)
    {
        string[] changed = [.. prepared.SelectMany(part => part.Changed).Distinct()];
        if (changed.Length > 0)
        {
            LogChanged(_logger, string.Join(", ", changed));
        }
        else
        {
            LogUnchanged(_logger);
        }

        var forRestart = string.Join(", ", prepared.SelectMany(part => part.ForRestart).Distinct());
        if (forRestart.Length > 0 && forRestart != _forRestart)
        {
            LogForRestart(_logger, forRestart);
        }

        _forRestart = forRestart;
    }

    private Dictionary<string, string> Fingerprints()
        => _parts.SelectMany(part => part.Files).Distinct().ToDictionary(file => file, WatchedFiles.Fingerprint);

    private static HashSet<string> Present(Dictionary<string, string> files)
        => [.. files.Where(file => WatchedFiles.IsContent(file.Value)).Select(file => file.Key)];

    private static bool AreSame(Dictionary<string, string> one, Dictionary<string, string> other)
        => one.Count == other.Count && one.All(file => other.GetValueOrDefault(file.Key) == file.Value);

    private static void Try(Action read, List<string> errors)
    {
        try
        {
            read();
        }
        catch (SettingsException e)
        {
            errors.AddRange(e.Errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            errors.Add(e.Message);
        }
    }

    [LoggerMessage(1101, LogLevel.Information, "Settings have changed and are in force now: {Names}.")]
    private static partial void LogChanged(ILogger logger, string names);

    [LoggerMessage(1102, LogLevel.Error, "The settings have changed and can't be used; the earlier ones stay in force. {Errors}")]
    private static partial void LogRefused(ILogger logger, string errors);

    [LoggerMessage(1103, LogLevel.Information, "The settings were read again; none that can change without a restart is another one.")]
    private static partial void LogUnchanged(ILogger logger);

    [LoggerMessage(1104, LogLevel.Warning, "Settings have changed that are read at the start only; they are in force after a restart: {Names}.")]
    private static partial void LogForRestart(ILogger logger, string names);
}

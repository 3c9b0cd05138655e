using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Files;

namespace OpenAIProxy.Standalone.Options;

/// <summary>The folder for what must survive a restart: ledger and journal.</summary>
internal static class StateFolder
{
    private const string Name = "openai-proxy";

    /// <summary>
    /// The folder where none is named: the first of systemd's <c>$STATE_DIRECTORY</c>, <c>$XDG_STATE_HOME/openai-proxy</c>,
    /// <c>~/.local/state/openai-proxy</c>; on Windows below %LOCALAPPDATA%.
    /// </summary>
    public static string Default()
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), Name);
        }

        // StateDirectory= of a unit, several with colons between: systemd.exec(5).
        var unit = Environment.GetEnvironmentVariable("STATE_DIRECTORY")?.Split(':')[0];
        if (Path.IsPathFullyQualified(unit ?? ""))
        {
            return unit!;
        }

        // https://specifications.freedesktop.org/basedir-spec/latest/: a path that is not absolute is to be ignored.
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (Path.IsPathFullyQualified(state ?? ""))
        {
            return Path.Combine(state!, Name);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        // A service without a home: below the folder in which it was started.
        return home.Length == 0 ? Path.GetFullPath(".data") : Path.Combine(home, ".local", "state", Name);
    }

    /// <summary>Makes it, for this user alone. One that exists keeps its mode: it may be somebody else's, too.</summary>
    /// <exception cref="SettingsException">It can't be made.</exception>
    public static void Create(string folder)
    {
        try
        {
            OwnFiles.CreateFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"--data is {folder}, which can't be made: {e.Message}"]);
        }
    }
}

using System.Security.Cryptography;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.Standalone.Hosting;

namespace OpenAIProxy.Standalone.Options;

/// <summary>All that both halves are started with: what was said, and what one process on one machine needs beside it.</summary>
/// <param name="Args">The arguments for both halves.</param>
/// <param name="Configuration">What is set, wherever: the defaults of this process included.</param>
/// <param name="DataFolder">The folder of ledger and journal, unless settings name others.</param>
/// <param name="IsOnlyHere">True if this machine alone can reach it, because there is no access key and nobody said where to listen.</param>
/// <param name="InternalToken">The secret between the halves: made at each start, unless it is set.</param>
internal sealed record StartArguments(string[] Args, IConfiguration Configuration, string DataFolder, bool IsOnlyHere, string InternalToken)
{
    /// <summary>Without the secrets: this text may end up in a log.</summary>
    public override string ToString() => nameof(StartArguments);

    /// <summary>Completes what was said.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="simulator">The address of the demo's upstream; null outside of demos.</param>
    /// <exception cref="SettingsException">An argument is none, or a file can't be used.</exception>
    public static StartArguments Create(ParsedFlags parsed, Uri? simulator = null)
    {
        UnknownFlags.Check(parsed);
        string[] args = [.. ServiceManagers.ContentRoot is { } root ? (string[])[$"--contentRoot={root}"] : [], .. parsed.Flags, .. parsed.Others];
        if (parsed.Config is { } file)
        {
            SettingsFile.Check(file, OneProcess.Settings);
            args = [$"--{ConfigFile.Option}={Path.GetFullPath(file)}", .. args];
        }

        if (simulator is not null)
        {
            args = [.. args, $"--OpenAI:BaseUrl={simulator}", "--OpenAI:ApiKey=sk-demo"];
        }

        var folder = Path.GetFullPath(parsed.Data ?? Path.Combine(StateFolder.Default(), parsed.IsDemo ? "demo" : ""));
        var said = Startup.CreateBuilder(args).Configuration;
        var urls = Listening.OnlyHere(said);
        string[] all = [.. args, .. Defaults(said, folder), .. urls is null ? (string[])[] : [$"--urls={urls}"]];
        return new StartArguments(
            all, Startup.CreateBuilder(all).Configuration, folder, urls is not null, Value(said, InternalSettings.Token.Name) ?? NewToken());
    }

    /// <summary>A secret that nobody can guess.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static IEnumerable<string> Defaults(ConfigurationManager said, string folder)
    {
        if (Value(said, "Ledger:File") is null)
        {
            yield return $"--Ledger:File={Path.Combine(folder, "ledger.db")}";
        }

        if (Value(said, "Metering:JournalDirectory") is null)
        {
            yield return $"--Metering:JournalDirectory={Path.Combine(folder, "journal")}";
        }
    }

    private static string? Value(ConfigurationManager configuration, string name) => configuration[name]?.Trim() is { Length: > 0 } text ? text : null;
}

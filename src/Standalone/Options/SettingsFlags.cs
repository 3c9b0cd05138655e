using System.CommandLine;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Standalone.Options;

/// <summary>What every command that needs settings takes: <c>--data</c>, <c>--config</c>, and settings by their own names.</summary>
internal sealed class SettingsFlags
{
    private readonly Command _command;
    private readonly Option<string> _data = new("--data") { HelpName = "DIR" };
    private readonly Option<string> _config = new("--config") { HelpName = "FILE" };

    /// <summary>Adds them to <paramref name="command"/>.</summary>
    public SettingsFlags(Command command)
    {
        _command = command;
        command.Options.Add(_data);
        command.Options.Add(_config);
        // --Section:Name=value, checked where settings are read.
        command.TreatUnmatchedTokensAsErrors = false;
    }

    /// <summary>What was said.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="flags">The command's other flags that are settings, as <c>--Name=value</c>.</param>
    /// <exception cref="SettingsException">A path is empty.</exception>
    public ParsedFlags Read(ParseResult result, params string[] flags)
    {
        // As of a variable that is not set, --data "$FOLDER": the default would be another ledger than the one that is meant.
        string[] empty = [.. new[] { _data, _config }.Where(flag => result.GetResult(flag) is not null && string.IsNullOrWhiteSpace(result.GetValue(flag)))
            .Select(flag => $"{flag.Name} is empty; allowed: the path of a {(flag == _data ? "folder" : "file")}.")];
        if (empty.Length > 0)
        {
            throw new SettingsException(empty);
        }

        return new ParsedFlags(
            Name(_command), [.. _command.Options.Select(option => option.Name)], flags, [.. result.UnmatchedTokens],
            result.GetValue(_data), result.GetValue(_config));
    }

    private static string Name(Command command)
        => command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{Name(parent)} {command.Name}" : command.Name;
}

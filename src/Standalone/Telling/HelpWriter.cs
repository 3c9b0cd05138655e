using System.CommandLine;
using System.CommandLine.Invocation;

namespace OpenAIProxy.Standalone.Telling;

/// <summary>Writes the help of a command: System.CommandLine's own has its headings in the language of .NET, which here is always English.</summary>
internal sealed class HelpWriter(HelpText text) : SynchronousCommandLineAction
{
    private const string Indent = "  ";

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.InvocationConfiguration.Output, parseResult.CommandResult.Command);
        return 0;
    }

    private void Write(TextWriter output, Command command)
    {
        output.WriteLine(command.Description);
        output.WriteLine();
        output.WriteLine($"{text.Usage}:");
        output.WriteLine($"{Indent}{Usage(command)}");
        WriteRows(output, text.Commands, command.Subcommands.Where(child => !child.Hidden).Select(child => (child.Name, child.Description)));
        WriteRows(output, text.Arguments, command.Arguments.Select(argument => (argument.Name, argument.Description)));
        // --help is the root's, for all.
        var options = command.Options.Concat(command is RootCommand ? [] : command.Parents.OfType<Command>().SelectMany(Recursive));
        WriteRows(output, text.Options, options.Select(option => (Names(option), option.Description)));
    }

    private string Usage(Command command)
    {
        var words = new List<string> { Path(command) };
        if (command.Subcommands.Count > 0)
        {
            words.Add($"[{text.Commands.ToLowerInvariant()}]");
        }

        words.AddRange(command.Arguments.Select(argument => argument.Name));
        words.Add($"[{text.Options.ToLowerInvariant()}]");
        if (!command.TreatUnmatchedTokensAsErrors)
        {
            words.Add($"[{text.Settings} ...]");
        }

        return string.Join(' ', words);
    }

    private static string Path(Command command)
        => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "openai-proxy";

    private static IEnumerable<Option> Recursive(Command command)
        => command.Options.Where(option => option.Recursive).Concat(command.Parents.OfType<Command>().SelectMany(Recursive));

    private static string Names(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias.StartsWith('-')).Append(option.Name));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }

    private static void WriteRows(TextWriter output, string heading, IEnumerable<(string Name, string? Description)> rows)
    {
        var all = rows.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"{heading}:");
        var width = all.Max(row => row.Name.Length);
        foreach (var (name, description) in all)
        {
            output.WriteLine($"{Indent}{name.PadRight(width)}{Indent}{description}");
        }
    }
}

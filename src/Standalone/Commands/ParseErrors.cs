using System.CommandLine;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Standalone.Commands;

/// <summary>
/// What is wrong with a command line, in words that may be shown: System.CommandLine repeats what stands where a word should, which may be a key
/// that slipped there.
/// </summary>
internal static class ParseErrors
{
    // The prefix of a key, and nothing of what is secret in it.
    private const int ShownLength = 6;

    /// <summary>The errors of <paramref name="result"/>.</summary>
    /// <param name="result">A command line that has errors.</param>
    /// <param name="args">Its arguments.</param>
    public static IEnumerable<string> Of(ParseResult result, IReadOnlyList<string> args)
    {
        // Its subcommands have actions: none of them was named.
        if (result.CommandResult.Command is { Action: null })
        {
            return [$"There is no command '{string.Join(' ', args.TakeWhile(arg => !arg.StartsWith('-')).Select(Show))}'."];
        }

        // Unrecognized command or argument 'sk-proj-…'.
        return result.Errors.Select(error => args.Aggregate(error.Message, Hide));
    }

    private static string Hide(string message, string argument) => message.Replace($"'{argument}'", $"'{Show(argument)}'", StringComparison.Ordinal);

    private static string Show(string argument)
    {
        // A flag's name is no secret, its value may be one.
        if (argument.StartsWith('-'))
        {
            return CommandLine.Shorten(argument);
        }

        return CommandRunner.IsWord(argument) || argument.Length <= ShownLength ? argument : $"{argument[..ShownLength]}…";
    }
}

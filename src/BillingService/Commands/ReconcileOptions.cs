using System.CommandLine;
using System.Globalization;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>The command line of <c>billing reconcile</c>.</summary>
/// <param name="AdminKeyVariable">The environment variable that holds the admin key.</param>
/// <param name="Range">The days.</param>
/// <param name="Settings">What is left: settings of the service.</param>
internal sealed record ReconcileOptions(string AdminKeyVariable, DateRange Range, string[] Settings)
{
    public const string Synopsis = $"{KeyOption} NAME {FromOption} YYYY-MM-DD {ToOption} YYYY-MM-DD";

    private const string KeyOption = "--admin-key-env";
    private const string FromOption = "--from";
    private const string ToOption = "--to";
    private const int LongestRange = 366;

    /// <summary>
    /// Adds the options to <paramref name="command"/>. What is returned reads them, and throws <see cref="CommandLineException"/> if one is
    /// missing or has a wrong value.
    /// </summary>
    public static Func<ParseResult, ReconcileOptions> AddTo(Command command)
    {
        var key = Once(KeyOption, "NAME");
        var from = Once(FromOption, "DAY");
        var to = Once(ToOption, "DAY");
        command.Options.Add(key);
        command.Options.Add(from);
        command.Options.Add(to);
        return result => Read(Needed(result, key), Day(result, from), Day(result, to), [.. result.UnmatchedTokens]);
    }

    private static ReconcileOptions Read(string variable, DateOnly from, DateOnly to, string[] settings)
    {
        if (variable.StartsWith("sk-", StringComparison.Ordinal))
        {
            throw new CommandLineException($"{KeyOption} takes the name of an environment variable, not the key: other users of this machine can read command lines.");
        }

        if (to < from)
        {
            throw new CommandLineException($"{ToOption} must not come before {FromOption}.");
        }

        if (to.DayNumber - from.DayNumber >= LongestRange)
        {
            throw new CommandLineException($"From {FromOption} to {ToOption} may be at most {LongestRange} days.");
        }

        return new ReconcileOptions(variable, new DateRange(from, to.AddDays(1)), settings);
    }

    // Takes any number of values, so that the messages about none and about several are ours: the parser's repeat the values.
    private static Option<string[]> Once(string name, string helpName)
    {
        var option = new Option<string[]>(name) { HelpName = helpName, Arity = ArgumentArity.ZeroOrMore };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0)
            {
                result.AddError($"{name} needs a value.");
            }
            else if (result.Tokens.Count > 1)
            {
                result.AddError($"{name} may be given once.");
            }
        });
        return option;
    }

    private static string Needed(ParseResult result, Option<string[]> option)
        => result.GetValue(option) is [{ Length: > 0 } value] ? value : throw new CommandLineException($"{option.Name} is missing.");

    private static DateOnly Day(ParseResult result, Option<string[]> option)
        => DateOnly.TryParseExact(Needed(result, option), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 2015 and < 9999
            ? day
            : throw new CommandLineException($"{option.Name} must be a day of the calendar, written YYYY-MM-DD.");
}

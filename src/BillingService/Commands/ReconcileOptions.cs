using System.Globalization;
using OpenAIProxy.BillingService.Queries;

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

    private static readonly string[] Options = [KeyOption, FromOption, ToOption];

    /// <summary>Reads them; both forms, <c>--from X</c> and <c>--from=X</c>, are taken.</summary>
    /// <exception cref="UsageException">Something is missing or wrong.</exception>
    public static ReconcileOptions Read(string[] args)
    {
        var values = new Dictionary<string, string>();
        var settings = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            if (!Options.Contains(name))
            {
                settings.Add(args[i]);
                continue;
            }

            value ??= i + 1 < args.Length ? args[++i] : throw new UsageException($"{name} needs a value.");
            if (!values.TryAdd(name, value))
            {
                throw new UsageException($"{name} may be given once.");
            }
        }

        var variable = Needed(values, KeyOption);
        if (variable.StartsWith("sk-", StringComparison.Ordinal))
        {
            throw new UsageException($"{KeyOption} takes the name of an environment variable, not the key: other users of this machine can read command lines.");
        }

        var (from, to) = (Day(values, FromOption), Day(values, ToOption));
        return to < from ? throw new UsageException($"{ToOption} must not come before {FromOption}.")
            : to.DayNumber - from.DayNumber >= LongestRange ? throw new UsageException($"From {FromOption} to {ToOption} may be at most {LongestRange} days.")
            : new ReconcileOptions(variable, new DateRange(from, to.AddDays(1)), [.. settings]);
    }

    private static string Needed(Dictionary<string, string> values, string name)
        => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : throw new UsageException($"{name} is missing.");

    private static DateOnly Day(Dictionary<string, string> values, string name)
        => DateOnly.TryParseExact(Needed(values, name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 2015 and < 9999
            ? day
            : throw new UsageException($"{name} must be a day of the calendar, written YYYY-MM-DD.");
}

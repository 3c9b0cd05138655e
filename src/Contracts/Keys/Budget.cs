using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>What may be spent in a time.</summary>
/// <param name="MicroDollars">Micro-dollars (USD), 10,000 (a cent) to <see cref="MostMicroDollars"/>.</param>
/// <param name="Period">The time.</param>
/// <param name="IsShadow">True if it only counts what it would have refused.</param>
public sealed record Budget(long MicroDollars, BudgetPeriod Period, bool IsShadow = false)
{
    /// <summary>The largest amount: a billion dollars.</summary>
    public const long MostMicroDollars = 1_000_000_000_000_000;

    /// <summary>How it is written, for messages.</summary>
    public const string Notation =
        "dollars and times such as 5/day;100/month;500/total (day, week, month, total), from a cent on, each with ' shadow' behind it if it is only "
        + "to be counted";

    private const decimal LeastDollars = 0.01m;
    private const decimal MicroDollarsOfDollar = 1_000_000m;

    /// <summary>Reads <c>5/day;100/month</c>. False if that is not all that stands there, or one period is there twice.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<Budget>? budgets)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LimitText.TryParseEach<Budget>(text, TryParseOne, out budgets) && budgets.DistinctBy(b => (b.Period, b.IsShadow)).Count() == budgets.Count;
    }

    /// <summary>Budgets in the notation that <see cref="TryParse"/> reads; empty for none.</summary>
    public static string Write(IEnumerable<Budget> budgets) => string.Join(';', budgets.Select(budget => string.Create(
        CultureInfo.InvariantCulture,
        $"{budget.MicroDollars / MicroDollarsOfDollar:0.######}/{budget.Period.ToString().ToLowerInvariant()}{(budget.IsShadow ? " shadow" : "")}")));

    private static bool TryParseOne(string text, bool isShadow, out Budget budget)
    {
        budget = null!;
        if (!LimitText.TryCut(text, out var amount, out var period) || PeriodOf(period) is not { } known
            || !decimal.TryParse(amount.TrimStart('$'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars)
            || dollars is < LeastDollars or > MostMicroDollars / MicroDollarsOfDollar)
        {
            return false;
        }

        budget = new Budget((long)decimal.Round(dollars * MicroDollarsOfDollar), known, isShadow);
        return true;
    }

    private static BudgetPeriod? PeriodOf(string text) => text switch
    {
        "day" => BudgetPeriod.Day,
        "week" => BudgetPeriod.Week,
        "month" => BudgetPeriod.Month,
        "total" => BudgetPeriod.Total,
        _ => null,
    };
}

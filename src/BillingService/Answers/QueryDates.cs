using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace OpenAIProxy.BillingService.Answers;

/// <summary>Reads <c>start_date</c> and <c>end_date</c> of a query. What can't be understood exactly is an error, never a guess.</summary>
internal static class QueryDates
{
    public const string StartName = "start_date";
    public const string EndName = "end_date";
    private const int DefaultDays = 90;
    private const int ReportDays = 30;
    private const int MostYears = 5;

    private static readonly DateOnly First = DateOnly.FromDateTime(DateTime.UnixEpoch);
    private static readonly DateOnly Last = DateOnly.MaxValue.AddYears(-1);

    /// <summary>As OpenAI's usage: both dates are needed, and <c>end_date</c> is the day after the last.</summary>
    /// <exception cref="BillingException">400, naming the parameter.</exception>
    public static DateRange HalfOpen(IQueryCollection query)
    {
        var start = Read(query, StartName) ?? throw Missing(StartName);
        var end = Read(query, EndName) ?? throw Missing(EndName);
        Check(start, end, "");
        return end > start ? new DateRange(start, end) : throw Reversed(
            $". It is the day after the last: for {DateRange.Text(start)} alone it is {DateRange.Text(start.AddDays(1))}.");
    }

    /// <summary>As openai-proxy's credit grants: <c>end_date</c> is the last day, by default today; <c>start_date</c> 90 days before today.</summary>
    /// <exception cref="BillingException">400, naming the parameter.</exception>
    public static DateRange Inclusive(IQueryCollection query, DateOnly today)
    {
        var (from, to) = (Read(query, StartName), Read(query, EndName));
        var range = (Start: from ?? today.AddDays(-DefaultDays), Last: to ?? today);
        Check(range.Start, range.Last, Note(from, to, range, TimeZones.Utc));
        return new DateRange(range.Start, range.Last.AddDays(1));
    }

    /// <summary>As our own usage report: <c>end_date</c> is the last day, by default today; <c>start_date</c> the first of 30 days until then.</summary>
    /// <param name="query">The query.</param>
    /// <param name="today">Today in <paramref name="zone"/>.</param>
    /// <param name="zone">Its name, for errors.</param>
    /// <exception cref="BillingException">400, naming the parameter.</exception>
    public static DateRange Report(IQueryCollection query, DateOnly today, string zone)
    {
        var (from, to) = (Read(query, StartName), Read(query, EndName));
        var last = to ?? today;
        var range = (Start: from ?? last.AddDays(1 - ReportDays), Last: last);
        Check(range.Start, range.Last, Note(from, to, range, zone));
        return new DateRange(range.Start, range.Last.AddDays(1));
    }

    // Whoever left a date out didn't choose it.
    private static string Note(DateOnly? from, DateOnly? to, (DateOnly Start, DateOnly Last) range, string zone)
    {
        if (to is null)
        {
            return $". Without it the range ends today, {DateRange.Text(range.Last)} in {zone}.";
        }

        return from is null ? $". Without {StartName} the range begins on {DateRange.Text(range.Start)}." : "";
    }

    private static DateOnly? Read(IQueryCollection query, string name)
    {
        var values = query[name];
        if (values.Count > 1)
        {
            throw Wrong("invalid_date", $"{name} must be given once.", name);
        }

        if (StringValues.IsNullOrEmpty(values))
        {
            return null;
        }

        if (!DateOnly.TryParseExact(values[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            throw Wrong("invalid_date", $"{name} must be a day of the calendar, written YYYY-MM-DD.", name);
        }

        return day >= First && day <= Last
            ? day
            : throw Wrong("invalid_date", $"{name} must be from {DateRange.Text(First)} to {DateRange.Text(Last)}.", name);
    }

    private static void Check(DateOnly start, DateOnly end, string note)
    {
        if (end < start)
        {
            throw Reversed(note);
        }

        if (end > start.AddYears(MostYears))
        {
            throw Wrong("date_range_too_long", $"{EndName} must be at most {MostYears} years after {StartName}.", EndName);
        }
    }

    private static BillingException Missing(string name) => Wrong("missing_required_parameter", $"{name} is missing; it is written YYYY-MM-DD.", name);

    // OpenAI's words: clients know them.
    private static BillingException Reversed(string note) => Wrong("invalid_date_range", $"{EndName} must come after {StartName}{note}", EndName);

    private static BillingException Wrong(string code, string message, string param) => new(StatusCodes.Status400BadRequest, code, message, param);
}

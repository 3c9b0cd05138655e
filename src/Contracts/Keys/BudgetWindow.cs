using System.Globalization;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>The calendar period of a budget that a moment lies in, the same wherever it is asked for.</summary>
/// <param name="Name">Its name: <c>day-2026-11-30</c>; <c>total</c>.</param>
/// <param name="Start">Its first day in the time zone; null for all time.</param>
/// <param name="End">Its end; null for never.</param>
public readonly record struct BudgetWindow(string Name, DateOnly? Start, DateTimeOffset? End)
{
    private const int DaysOfWeek = 7;

    /// <summary>That of <paramref name="now"/>. A week begins on Monday (ISO 8601).</summary>
    public static BudgetWindow Of(BudgetPeriod period, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        switch (period)
        {
            case BudgetPeriod.Day:
                return Of("day", today, today.AddDays(1), zone);
            case BudgetPeriod.Week:
                var monday = today.AddDays(-(((int)today.DayOfWeek + DaysOfWeek - (int)DayOfWeek.Monday) % DaysOfWeek));
                return Of("week", monday, monday.AddDays(DaysOfWeek), zone);
            case BudgetPeriod.Month:
                var first = new DateOnly(today.Year, today.Month, 1);
                return Of("month", first, first.AddMonths(1), zone);
            case BudgetPeriod.Total:
            default:
                return new BudgetWindow("total", null, null);
        }
    }

    private static BudgetWindow Of(string name, DateOnly start, DateOnly end, TimeZoneInfo zone)
        => new($"{name}-{start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", start, Midnight(end, zone));

    // Where clocks go forward at midnight the day begins later: there is no such time.
    private static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}

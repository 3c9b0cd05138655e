using System.Globalization;

namespace OpenAIProxy.BillingService.Answers;

/// <summary>Days, half-open as OpenAI's: the first one is in it, the end is not.</summary>
/// <param name="Start">The first day.</param>
/// <param name="End">The day after the last one.</param>
internal readonly record struct DateRange(DateOnly Start, DateOnly End)
{
    /// <summary>The most days that one upstream query asks for. OpenAI's limit is about 100; its clients ask for 90.</summary>
    public const int LongestWindow = 90;

    public DateOnly Last => End.AddDays(-1);

    public int Days => End.DayNumber - Start.DayNumber;

    /// <summary>How a day is written: 2026-03-01.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The first second of <paramref name="day"/>, unix time.</summary>
    public static long UnixSeconds(DateOnly day) => (day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * 86_400L;

    /// <summary>
    /// Windows of at most <see cref="LongestWindow"/> days that make up this range. A longer range is cut where the calendar, not the
    /// range, says: tomorrow's query for "the last year" is cut at the same days, so all windows between its first and last are already
    /// in the cache.
    /// </summary>
    public IReadOnlyList<DateRange> Windows()
    {
        if (Days <= LongestWindow)
        {
            return [this];
        }

        var windows = new List<DateRange>();
        for (var start = Start; start < End;)
        {
            var cut = DateOnly.FromDayNumber((start.DayNumber / LongestWindow + 1) * LongestWindow);
            var end = cut < End ? cut : End;
            windows.Add(new DateRange(start, end));
            start = end;
        }

        return windows;
    }

    public override string ToString() => $"{Text(Start)}/{Text(End)}";
}

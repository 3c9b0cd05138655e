using System.Globalization;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>
/// The days of a time zone, made of the ledger's hours. An hour belongs to the day in which it begins there: exactly so where the zone is whole
/// hours from UTC; where it is not, as in India, the part of an hour before midnight takes the rest of that hour with it.
/// </summary>
internal sealed class LocalDays
{
    private const long MinutesPerHour = 60;
    private const long MinutesPerDay = 24 * MinutesPerHour;

    // No zone is further from UTC.
    private const long MostHours = 15;

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    // What the zone is ahead of UTC, in minutes, until an hour; rising. The last one is until the end.
    private readonly List<(long Until, long Minutes)> _offsets = [];

    /// <param name="zone">The zone.</param>
    /// <param name="start">The first day.</param>
    /// <param name="end">The day after the last.</param>
    public LocalDays(TimeZoneInfo zone, DateOnly start, DateOnly end)
    {
        var first = (DayNumber(start) * 24) - MostHours;
        var last = (DayNumber(end) * 24) + MostHours;
        for (var hour = first; hour <= last; hour++)
        {
            var minutes = (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(hour * 3600)).TotalMinutes;
            if (_offsets.Count == 0 || _offsets[^1].Minutes != minutes)
            {
                _offsets.Add((long.MaxValue, minutes));
                if (_offsets.Count > 1)
                {
                    _offsets[^2] = (hour, _offsets[^2].Minutes);
                }
            }
        }

        FirstHour = first;
        for (; DayOf(FirstHour) < start; FirstHour++)
        {
        }

        EndHour = Math.Max(FirstHour, last - (2 * MostHours) - 24);
        for (; DayOf(EndHour) < end; EndHour++)
        {
        }

        Sql = $"(({MinutesSql()}) / {Text(MinutesPerDay)})";
    }

    /// <summary>The first hour of the first day; hours since 1970, UTC.</summary>
    public long FirstHour { get; }

    /// <summary>The hour after the last.</summary>
    public long EndHour { get; }

    /// <summary>The day, in days since 1970, of the hour in a row <c>u</c>.</summary>
    public string Sql { get; }

    /// <summary>The day of an hour.</summary>
    public DateOnly DayOf(long hour)
    {
        var i = 0;
        for (; hour >= _offsets[i].Until; i++)
        {
        }

        return DateOnly.FromDayNumber(Epoch + (int)Math.DivRem((hour * MinutesPerHour) + _offsets[i].Minutes, MinutesPerDay).Quotient);
    }

    private string MinutesSql()
    {
        var minutes = $"u.hour * {Text(MinutesPerHour)} + ";
        if (_offsets.Count == 1)
        {
            return minutes + $"({Text(_offsets[0].Minutes)})";
        }

        var cases = _offsets.SkipLast(1).Select(offset => $"WHEN u.hour < {Text(offset.Until)} THEN {Text(offset.Minutes)} ");
        return $"{minutes}(CASE {string.Concat(cases)}ELSE {Text(_offsets[^1].Minutes)} END)";
    }

    private static long DayNumber(DateOnly day) => day.DayNumber - Epoch;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

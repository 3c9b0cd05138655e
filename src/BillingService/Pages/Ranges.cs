using System.Globalization;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Reads which days are asked for: <c>?days=7</c>, or <c>?from=2026-03-01&amp;to=2026-03-15</c>, both days included.</summary>
internal static class Ranges
{
    /// <summary>The most days of a range.</summary>
    public const int MostDays = 366;

    private const int DefaultDays = 30;

    private static readonly DateOnly First = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <summary>The range that <paramref name="request"/> asks for, or the default with what is wrong; in the visitor's time zone.</summary>
    public static RangeView Read(HttpRequest request, DateTimeOffset now, Words words)
    {
        var (zone, isWrong) = Preferences.Zone(request);
        return Read(request.Query, TimeZones.Today(now, zone), words) with
        {
            Zone = zone,
            WrongZone = isWrong ? Words.Fill(TimeZones.AreKnown ? words.WrongZone : words.NoZones, zone.Id) : null,
        };
    }

    private static RangeView Read(IQueryCollection query, DateOnly today, Words words)
    {
        var (from, to) = (query["from"].ToString(), query["to"].ToString());
        if (from.Length == 0 && to.Length == 0)
        {
            return query["days"].ToString() is not { Length: > 0 } text ? Last(DefaultDays, today)
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && RangeView.Presets.Contains(days) ? Last(days, today)
                : Last(DefaultDays, today, words.WrongDate);
        }

        return (Day(from, today), Day(to, today)) switch
        {
            ({ } start, { } end) when end < start => Last(DefaultDays, today, words.WrongOrder),
            ({ } start, { } end) when end.DayNumber - start.DayNumber >= MostDays => Last(DefaultDays, today, words.TooLong),
            ({ } start, { } end) => new RangeView(start, end, today, null, null),
            _ => Last(DefaultDays, today, words.WrongDate),
        };
    }

    private static RangeView Last(int days, DateOnly today, string? wrong = null) => new(today.AddDays(1 - days), today, today, days, wrong);

    // A field left empty means today.
    private static DateOnly? Day(string text, DateOnly today)
        => text.Length == 0 ? today
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                && day >= First && day < DateOnly.MaxValue.AddYears(-1) ? day
            : null;
}

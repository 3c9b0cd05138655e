using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Days of a time zone, made of the ledger's hours: no hour is in two of them, and none is in none.</summary>
public sealed class LocalDaysTests(Postgres postgres)
{
    public static TheoryData<string, string, int> Lengths => new()
    {
        { "Asia/Shanghai", "2026-03-29", 24 },
        { "Europe/Berlin", "2026-03-28", 24 },
        { "Europe/Berlin", "2026-03-29", 23 },
        { "Europe/Berlin", "2026-10-25", 25 },
        { "America/New_York", "2026-03-08", 23 },
        { "America/New_York", "2026-11-01", 25 },
        // 18:30 UTC is midnight there; the hour that began at 18:00 is the last one of the day before.
        { "Asia/Kolkata", "2026-03-15", 24 },
        { "Pacific/Kiritimati", "2026-03-15", 24 },
        { "Pacific/Pago_Pago", "2026-03-15", 24 },
    };

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Day_HasItsHours(string zone, string day, int hours)
    {
        var date = DateOnly.ParseExact(day, "yyyy-MM-dd");
        var days = new LocalDays(TimeZoneInfo.FindSystemTimeZoneById(zone), date, date.AddDays(1));

        Assert.Equal(hours, days.EndHour - days.FirstHour);
        Assert.All(Enumerable.Range(0, hours), i => Assert.Equal(date, days.DayOf(days.FirstHour + i)));
        Assert.Equal(date.AddDays(-1), days.DayOf(days.FirstHour - 1));
        Assert.Equal(date.AddDays(1), days.DayOf(days.EndHour));
    }

    [Theory, OnEachDatabase]
    public async Task Rows_OfAZone_ComeByItsDaysAndHaveTheirHours(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        // Berlin's summer begins at 01:00 UTC on 2026-03-29: the 29th begins at 23:00 UTC, the 30th at 22:00.
        var midnight = Rows.Day(new DateOnly(2026, 3, 29));
        var hours = (long[])[midnight - 2, midnight - 1, midnight, midnight + 21, midnight + 22, midnight + 45, midnight + 46];
        await ledger.AddAsync(Rows.Batch([.. from model in (string[])["b", "a"] from hour in hours select Rows.Of(1, hour, model: model)]), default);
        var (start, end) = (new DateOnly(2026, 3, 29), new DateOnly(2026, 3, 31));
        var query = new LedgerQuery(null, start, end, ByKey: false, ByEndpoint: false)
        {
            ByDay = true,
            ByModel = true,
            Days = new LocalDays(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), start, end),
        };

        var all = await ledger.RowsAsync(query, default).ToArrayAsync();
        var ofKey = await ledger.RowsAsync(query with { Key = Rows.Key }, default).ToArrayAsync();
        var ofModel = await ledger.RowsAsync(query with { Model = "a" }, default).ToArrayAsync();

        (DateOnly, string)[] days = [.. from day in (int[])[29, 30] from model in (string[])["a", "b"] from _ in Enumerable.Range(0, day == 29 ? 3 : 2)
            select (new DateOnly(2026, 3, day), model)];
        Assert.Equal(days, all.Select(Day));
        Assert.Equal(days, ofKey.Select(Day));
        Assert.Equal(days.Where(d => d.Item2 == "a"), ofModel.Select(Day));
        Assert.Equal(hours[1..^1], ofModel.Select(row => row.What.Hour).Order());

        (DateOnly, string) Day(UsageRow row) => (query.Days.DayOf(row.What.Hour), row.What.Model);
    }
}

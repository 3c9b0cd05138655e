using System.Net;

namespace OpenAIProxy.BillingService.Tests.Queries;

/// <summary>Reads the query strictly. Nothing that is refused here ever reaches upstream.</summary>
public sealed class DatesTests : IAsyncLifetime
{
    private BillingRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await BillingRig.StartAsync();

    [Theory]
    [InlineData("start_date=2026-3-1&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=2026-02-30&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=2025-02-29&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=2026-03-01T00:00:00Z&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=20260301&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=1772323200&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=yesterday&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=%202026-03-01&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=%D9%A2026-03-01&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=1969-12-31&end_date=1970-01-02", "start_date")]
    [InlineData("start_date=2026-03-01&end_date=03/02/2026", "end_date")]
    [InlineData("start_date=9999-12-31&end_date=9999-12-31", "start_date")]
    [InlineData("start_date=2026-03-01&end_date=2026-13-01", "end_date")]
    [InlineData("start_date=2026-03-01&start_date=2026-03-02&end_date=2026-03-03", "start_date")]
    public async Task Date_ThatIsNoDay_Is400NamingTheParameter(string query, string param)
    {
        foreach (var path in (string[])["/billing/credit_grants", "/dashboard/billing/credit_grants", "/dashboard/billing/usage"])
        {
            var answer = await _rig.Billing.GetAsync($"{path}?{query}");

            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal(("invalid_date", param), (answer.Error.Code, answer.Error.Param));
            Assert.Equal("invalid_request_error", answer.Error.Type);
        }

        Assert.Empty(_rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("/billing/credit_grants", "2026-03-02", "2026-03-01", "")]
    [InlineData("/billing/credit_grants", "2026-03-16", null, ". Without it the range ends today, 2026-03-15 in UTC.")]
    [InlineData("/billing/usage", "2026-03-16", null, ". Without it the range ends today, 2026-03-15 in UTC.")]
    [InlineData("/billing/usage", "2026-03-17&tz=Pacific/Kiritimati", null, ". Without it the range ends today, 2026-03-16 in Pacific/Kiritimati.")]
    [InlineData("/billing/credit_grants", null, "2025-12-14", ". Without start_date the range begins on 2025-12-15.")]
    [InlineData("/dashboard/billing/usage", "2026-03-02", "2026-03-01", "")]
    [InlineData("/dashboard/billing/usage", "2026-03-02", "2026-03-02", ". It is the day after the last: for 2026-03-02 alone it is 2026-03-03.")]
    public async Task Range_ThatDoesNotGoForward_Is400InOpenAIsWordsAndSaysWhatWasTaken(string path, string? start, string? end, string note)
    {
        var answer = await _rig.Billing.GetAsync($"{path}?{(start is null ? "" : $"start_date={start}&")}{(end is null ? "" : $"end_date={end}")}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("end_date must come after start_date" + note, answer.Error.Message);
        Assert.Equal("end_date", answer.Error.Param);
        Assert.Empty(_rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("/billing/credit_grants", "2020-02-29", "2025-03-01")]
    [InlineData("/billing/credit_grants", "2021-01-01", "2026-01-02")]
    [InlineData("/dashboard/billing/usage", "2021-01-01", "2026-01-02")]
    [InlineData("/dashboard/billing/usage", "1970-01-01", "2026-01-01")]
    public async Task Range_OverFiveYears_Is400(string path, string start, string end)
    {
        var answer = await _rig.Billing.GetAsync($"{path}?start_date={start}&end_date={end}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(("date_range_too_long", "end_date"), (answer.Error.Code, answer.Error.Param));
        Assert.Empty(_rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("/billing/credit_grants")]
    [InlineData("/dashboard/billing/usage")]
    public async Task Range_OfFiveYears_IsAnswered(string path)
    {
        var answer = await _rig.Billing.GetAsync($"{path}?start_date=2021-01-01&end_date=2026-01-01");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("", "start_date")]
    [InlineData("end_date=2026-03-02", "start_date")]
    [InlineData("start_date=&end_date=2026-03-02", "start_date")]
    [InlineData("start_date=2026-03-01", "end_date")]
    [InlineData("start_date=2026-03-01&end_date=", "end_date")]
    public async Task Usage_WithoutADate_Is400NamingIt(string query, string param)
    {
        var answer = await _rig.Billing.GetAsync($"/v1/dashboard/billing/usage?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(("missing_required_parameter", param), (answer.Error.Code, answer.Error.Param));
        Assert.Empty(_rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("start_date=2026-01-01", "2026-01-01", "2026-03-15")]
    [InlineData("end_date=2026-03-01", "2025-12-15", "2026-03-01")]
    [InlineData("start_date=&end_date=", "2025-12-15", "2026-03-15")]
    [InlineData("end_date=2026-06-01", "2025-12-15", "2026-06-01")]
    [InlineData("extra=1&start_date=2026-04-01&end_date=2026-05-01", "2026-04-01", "2026-05-01")]
    public async Task CreditGrants_WithSomeDates_TakeTheOthersFromToday(string query, string start, string end)
    {
        var answer = await _rig.Billing.GetAsync($"/billing/credit_grants?{query}");

        Assert.Equal(start, answer.Json.GetProperty("start_date").GetString());
        Assert.Equal(end, answer.Json.GetProperty("end_date").GetString());
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();
}

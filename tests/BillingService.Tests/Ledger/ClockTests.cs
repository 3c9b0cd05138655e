using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Usage of gateways whose clock is wrong is taken, at the ledger's time.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private const int Noon = 12;

    private BillingRig _rig = null!;

    private BillingHost Billing => _rig.Billing;

    public async ValueTask InitializeAsync() => _rig = await BillingRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    [InlineData(10)]
    [InlineData(-10)]
    [InlineData(500)]
    [InlineData(-500)]
    [InlineData(40_000)]
    [InlineData(-20_000)]
    public async Task Clock_OfTheGateway_DaysOff_IsTakenOffItsUsage(int days)
    {
        // Five hours and two days old, by the gateway's clock.
        var sent = Billing.Clock.GetUtcNow().AddDays(days);
        var hour = sent.ToUnixTimeSeconds() / 3600;

        await PostAsync(sent, Rows.Of(1, hour: Math.Max(hour - 5, 0)), Rows.Of(2, hour: Math.Max(hour - 48, 0)));

        Assert.Equal([(2, -36, true), (1, Noon - 5, true)], await HoursAsync());
        Assert.Single(Billing.Logs.Find("marked as estimated"), e => e.Level is LogLevel.Warning);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(-50)]
    public async Task Clock_OfTheGateway_RightWithinTheHour_ChangesNothing(int minutes)
    {
        await PostAsync(Billing.Clock.GetUtcNow().AddMinutes(minutes), Rows.Of(1, hour: Rows.Today - 100), Rows.Of(2, hour: Rows.Today + Noon));

        Assert.Equal([(1, -100, false), (2, Noon, false)], await HoursAsync());
        Assert.Empty(Billing.Logs.Find("marked as estimated"));
    }

    [Theory]
    [InlineData(24 * 3)]
    [InlineData(24 * 400)]
    [InlineData(24 * 40_000)]
    [InlineData(-24 * 365 * 7)]
    public async Task Usage_OfAnImpossibleHour_IsTakenNow(int hours)
    {
        // The clock was wrong, and is right when it is sent; or the sender says nothing of its clock.
        await PostAsync(Billing.Clock.GetUtcNow(), Rows.Of(1, hour: Rows.Today + hours));
        Assert.Contains("impossible hour", Assert.Single(Billing.Logs.Find("marked as estimated")).Text, StringComparison.Ordinal);
        await PostAsync(null, Rows.Of(2, hour: Rows.Today + hours));

        Assert.Equal([(3, Noon, true)], await HoursAsync());
    }

    [Fact]
    public async Task Clock_StillWrong_IsToldOnceAnHour()
    {
        for (var i = 0; i < 4; i++)
        {
            await PostAsync(Billing.Clock.GetUtcNow().AddDays(9), Rows.Of(1));
            Billing.Clock.Advance(TimeSpan.FromMinutes(21));
        }

        Assert.Equal(2, Billing.Logs.Find("marked as estimated").Count);
    }

    private async Task PostAsync(DateTimeOffset? sent, params UsageRow[] rows)
    {
        var content = IngestTests.Content(Rows.Batch(rows));
        (string, string)[] date = sent is { } time ? [("Date", time.ToString("r", CultureInfo.InvariantCulture))] : [];
        Assert.Equal((HttpStatusCode.NoContent, ""), await IngestTests.PostAsync(Billing, content, BillingHost.InternalToken, date));
    }

    /// <summary>What is in the hours of the ledger: requests, hours since the begin of today, whether it is marked.</summary>
    private async Task<List<(int Requests, int Hour, bool Estimated)>> HoursAsync()
    {
        var database = Billing.Services.GetRequiredService<BillingService.Ledger.Storage.ILedgerDatabase>();
        await using var connection = await database.Source.OpenConnectionAsync();
        var rows = await Dapper.SqlMapper.QueryAsync<(long, long, long)>(
            connection, "SELECT u.requests, u.hour, d.estimated FROM usage_hour u JOIN usage_dims d ON u.dims_id = d.id ORDER BY u.hour");
        return [.. rows.Select(r => ((int)r.Item1, (int)(r.Item2 - Rows.Today), r.Item3 != 0))];
    }
}

using System.Diagnostics;
using System.Net;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using static OpenAIProxy.BillingService.Tests.Ledger.LockedLedgerTests;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>The same of a table that somebody else has locked as a whole. Apart from the others, for all of them wait.</summary>
public sealed class LockedTableTests(Postgres postgres)
{
    [Theory]
    [InlineData("usage_day")]
    [InlineData("usage_batch")]
    [InlineData("usage_latency")]
    public async Task PostgreSql_TableLocked_IsDegradedWithoutAndWithUsage(string table)
    {
        await using var place = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting);
        await rig.Billing.UntilHealthAsync("Healthy");
        await using var other = new NpgsqlConnection(place.Setting.Value);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync($"LOCK TABLE {table} IN SHARE MODE");

        Assert.Contains(Locked, await HealthAsync(rig.Billing), StringComparison.Ordinal);
        var clock = Stopwatch.StartNew();
        var batch = Rows.Batch(Rows.Of(2) with { Duration = new() { [1] = 2 } });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(rig.Billing, batch));
        Assert.True(clock.Elapsed < BeforeTheGatewayGivesUp, $"{clock.Elapsed}");
        Assert.StartsWith("Degraded: The ledger takes no usage: " + Locked, await HealthAsync(rig.Billing), StringComparison.Ordinal);
        Assert.Single(rig.Billing.Logs.Find("The ledger is not available"), e => e.Level is LogLevel.Error
            && e.Text.Contains(Locked, StringComparison.Ordinal));

        await transaction.RollbackAsync();
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(rig.Billing, batch));
        Assert.Equal("Healthy", await HealthAsync(rig.Billing));
        Assert.Single(rig.Billing.Logs.Find("The ledger is available again"));
        Assert.Equal(2, await place.NumberAsync("SELECT CAST(SUM(requests) AS bigint) FROM usage_hour"));
    }
}

using System.Text;
using Dapper;
using Npgsql;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Both databases sort alike, by the names' bytes: reports group rows while they pass.</summary>
public sealed class OrderTests(Postgres postgres)
{
    private static readonly string[] Models = ["b", "a", "B", "ä", "Z-1", "_", "", "\uE000", "\U0001F600", "a-b", "a b"];

    [Theory, OnEachDatabase]
    public async Task Rows_ComeInTheOrderThatIsAskedFor(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(
            Rows.Batch([.. from model in Models from hour in (long[])[Rows.Today, Rows.Today - 24]
                select Rows.Of(1, hour, model: model) with { Duration = new() { [3] = 1 } }]), default);
        var query = new LedgerQuery(null, ManualClock.Today.AddDays(-1), ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: true);
        var sorted = Models.OrderBy(model => Convert.ToHexString(Encoding.UTF8.GetBytes(model)), StringComparer.Ordinal).ToArray();

        var byDay = await ledger.RowsAsync(query with { ByDay = true, ByModel = true }, default).Select(r => (r.What.Hour, r.What.Model)).ToArrayAsync();
        var times = await ledger.TimesAsync(query with { ByDay = true, ByModel = true }, default).Select(r => (r.What.Hour, r.What.Model)).ToArrayAsync();
        var byModel = await ledger.RowsAsync(query with { ByModel = true }, default).Select(r => r.What.Model).ToArrayAsync();

        Assert.Equal([.. sorted.Select(m => (Rows.Today - 24, m)), .. sorted.Select(m => (Rows.Today, m))], byDay);
        Assert.Equal(byDay, times);
        Assert.Equal(sorted.SelectMany(m => (string[])[m, m]), byModel);
    }

    [Theory]
    [InlineData("known")]
    [InlineData("rows of a key")]
    [InlineData("rows of each key")]
    [InlineData("times of a key")]
    public async Task Keys_InPostgreSql_AreFoundByTheirIndex(string what)
    {
        await using var rig = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        await (await rig.OpenAsync()).AddAsync(Rows.Batch(Rows.Of(1) with { Duration = new() { [3] = 1 } }), default);
        var query = new LedgerQuery(Rows.Key, ManualClock.Today, ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: true) { ByModel = true };

        // A table of few rows is read from its beginning and sorted, unless that is forbidden.
        await using (var source = NpgsqlDataSource.Create($"{rig.Setting.Value};Options=-c enable_seqscan=off -c enable_sort=off"))
        await using (var database = new PostgresDatabase(source))
        {
            switch (what)
            {
                case "known":
                    Assert.True(await LedgerReader.KnowsKeyAsync(database, Rows.Key, default));
                    break;
                case "rows of a key":
                    await ReadAsync(LedgerReader.OpenRowsAsync(database, query, default));
                    break;
                case "rows of each key":
                    await ReadAsync(LedgerReader.OpenRowsAsync(database, query with { Key = null, ByModel = false, ByEndpoint = false }, default));
                    break;
                default:
                    await ReadAsync(LedgerReader.OpenTimesAsync(database, query, default));
                    break;
            }
        }

        // What a connection has used is counted at its end.
        await using var connection = await rig.Database().Source.OpenConnectionAsync();
        await HangGuard.Until(
            () => connection.ExecuteScalarAsync<long>("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'usage_dims_key_model'"),
            scans => scans > 0, "the index on keys was used");

        static async Task ReadAsync<T>(Task<LedgerStream<T>> open)
        {
            await using var stream = await open;
            Assert.Equal(1, await stream.FillAsync(new T[2], default));
        }
    }
}

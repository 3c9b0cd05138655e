using System.Data.Common;
using Dapper;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.BillingService.Ledger.Writing;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Reads the days. What all keys used together is kept beside what each used, under the empty key.</summary>
internal static class LedgerReader
{
    private static readonly DateOnly Epoch = new(1970, 1, 1);

    public static async Task<IReadOnlyList<UsageRow>> ReadAsync(DbDataSource source, LedgerQuery query, CancellationToken cancellationToken)
    {
        var group = "u.day, d.model, d.requested_model, d.tier, d.region, d.context, d.unit, d.estimated, "
            + (ApartByKey(query) ? "d.key" : "''") + ", " + (query.ByEndpoint ? "d.endpoint" : "''");
        // Its constants are no columns to group by.
        var sql = $"SELECT {group}, {CountColumns.Sums("u")} FROM usage_dims d JOIN usage_day u ON u.dims_id = d.id WHERE {Condition(query)} "
            + $"GROUP BY {group.Replace(", ''", "", StringComparison.Ordinal)}";
        var rows = new List<UsageRow>();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(Command(sql, query, cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            var what = new UsageDimensions(
                reader.GetInt64(0) * BatchSums.HoursOfDay, ApartByKey(query) ? reader.GetString(8) : query.Key ?? "", reader.GetString(1), reader.GetString(2),
                reader.GetString(9), reader.GetString(3), reader.GetString(4), (int)reader.GetInt64(5), reader.GetString(6), reader.GetInt64(7) != 0);
            rows.Add(new UsageRow(what, CountColumns.Read(reader, 10)));
        }

        return rows;
    }

    public static async Task<IReadOnlyList<UsageRow>> ReadLatencyAsync(DbDataSource source, LedgerQuery query, CancellationToken cancellationToken)
    {
        var sql = "SELECT u.day, d.model, d.endpoint, d.key, u.duration, u.first_byte FROM usage_dims d JOIN usage_latency u ON u.dims_id = d.id "
            + $"WHERE {Condition(query)}";
        var all = new Dictionary<(long Day, string Model, string Endpoint, string Key), Latency>();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(Command(sql, query, cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            var group = (reader.GetInt64(0), reader.GetString(1), query.ByEndpoint ? reader.GetString(2) : "",
                ApartByKey(query) ? reader.GetString(3) : query.Key ?? "");
            if (!all.TryGetValue(group, out var latency))
            {
                all.Add(group, latency = new Latency());
            }

            latency.Add((byte[])reader[4], (byte[])reader[5]);
        }

        return [.. all.Select(group => Row(group.Key, group.Value))];
    }

    public static async Task<bool> KnowsKeyAsync(DbDataSource source, string key, CancellationToken cancellationToken)
    {
        if (key.Length == 0)
        {
            return false;
        }

        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT d.id FROM usage_dims d JOIN usage_day u ON u.dims_id = d.id WHERE d.key = @Key LIMIT 1", new { Key = key },
            cancellationToken: cancellationToken)) is not null;
    }

    /// <summary>Days since 1970.</summary>
    public static long DayNumber(DateOnly day) => day.DayNumber - Epoch.DayNumber;

    private static UsageRow Row((long Day, string Model, string Endpoint, string Key) group, Latency latency)
        => new(new UsageDimensions(group.Day * BatchSums.HoursOfDay, group.Key, group.Model, "", group.Endpoint, "", "", 0, "", false), new UsageCounts())
        {
            Duration = latency.Duration,
            FirstToken = latency.FirstToken,
        };

    private static bool ApartByKey(LedgerQuery query) => query.ByKey && query.Key is null;

    private static string Condition(LedgerQuery query)
        => $"d.key {(ApartByKey(query) ? "<>" : "=")} @Key AND u.day >= @Start AND u.day < @End";

    private static CommandDefinition Command(string sql, LedgerQuery query, CancellationToken cancellationToken) => new(
        sql, new { Key = query.Key ?? "", Start = DayNumber(query.Start), End = DayNumber(query.End) }, cancellationToken: cancellationToken);
}

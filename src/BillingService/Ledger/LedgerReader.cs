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

    // In the order of the columns that are read.
    private static readonly string Counts = string.Join(", ", CountColumns.Names.Select(name => "u." + name));

    /// <summary>Begins to read usage.</summary>
    public static Task<LedgerStream<UsageRow>> OpenRowsAsync(ILedgerDatabase database, LedgerQuery query, CancellationToken cancellationToken)
    {
        var (table, time, hours) = query.Days is null ? ("usage_day", "u.day", BatchSums.HoursOfDay) : ("usage_hour", "u.hour", 1);
        var sql = $"SELECT {time}, d.model, d.requested_model, d.tier, d.region, d.context, d.unit, d.estimated, d.key, d.endpoint, d.end_user, "
            + $"{Counts}, {CountColumns.AnyPart("u")} FROM usage_dims d JOIN {table} u ON u.dims_id = d.id "
            + $"WHERE {Condition(query, query.Days)}{Order(query, query.Days)}";
        return OpenAsync(database, sql, query, reader => new UsageRow(
            new UsageDimensions(
                reader.GetInt64(0) * hours, ApartByKey(query) ? reader.GetString(8) : query.Key ?? "", reader.GetString(1), reader.GetString(2),
                query.ByEndpoint ? reader.GetString(9) : "", reader.GetString(3), reader.GetString(4), (int)reader.GetInt64(5), reader.GetString(6),
                reader.GetInt64(7) != 0)
            { EndUser = query.ByEndUser ? reader.GetString(10) : null },
            CountColumns.Read(reader, 11)), cancellationToken);
    }

    /// <summary>Begins to read how long calls took.</summary>
    public static Task<LedgerStream<LatencyRow>> OpenTimesAsync(ILedgerDatabase database, LedgerQuery query, CancellationToken cancellationToken)
    {
        var sql = "SELECT u.day, d.model, d.endpoint, d.key, u.duration, u.first_token FROM usage_dims d JOIN usage_latency u ON u.dims_id = d.id "
            + $"WHERE {Condition(query, null)}{Order(query, null)}";
        return OpenAsync(database, sql, query, reader => new LatencyRow(
            new UsageDimensions(
                reader.GetInt64(0) * BatchSums.HoursOfDay, ApartByKey(query) ? reader.GetString(3) : query.Key ?? "", reader.GetString(1), "",
                query.ByEndpoint ? reader.GetString(2) : "", "", "", 0, "", false),
            (byte[])reader[4], (byte[])reader[5]), cancellationToken);
    }

    public static async Task<bool> KnowsKeyAsync(ILedgerDatabase database, string key, CancellationToken cancellationToken)
    {
        if (key.Length == 0)
        {
            return false;
        }

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            database.Translate("SELECT d.id FROM usage_dims d JOIN usage_day u ON u.dims_id = d.id WHERE d.key{binary} = @Key LIMIT 1"), new { Key = key },
            cancellationToken: cancellationToken)) is not null;
    }

    /// <summary>Days since 1970.</summary>
    public static long DayNumber(DateOnly day) => day.DayNumber - Epoch.DayNumber;

    private static async Task<LedgerStream<T>> OpenAsync<T>(
        ILedgerDatabase database, string sql, LedgerQuery query, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        try
        {
            return new LedgerStream<T>(connection, await connection.ExecuteReaderAsync(Command(database.Translate(sql), query, cancellationToken)), read);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string Order(LedgerQuery query, LocalDays? days)
    {
        var columns = ((bool, string)[])
        [
            (query.ByDay, days?.Sql ?? "u.day"), (query.ByModel, "d.model{binary}"), (query.ByEndpoint, "d.endpoint{binary}"),
            (query.ByKey && ApartByKey(query), "d.key{binary}"), (query.ByEndUser, "d.end_user{binary}"),
        ];
        var order = string.Join(", ", columns.Where(c => c.Item1).Select(c => c.Item2));
        return order.Length == 0 ? "" : " ORDER BY " + order;
    }

    private static bool ApartByKey(LedgerQuery query) => (query.ByKey || query.KeepsKeys) && query.Key is null;

    private static string Condition(LedgerQuery query, LocalDays? days)
        => OfKeys(query, days)
            + (days is null ? " AND u.day >= @Start AND u.day < @End" : " AND u.hour >= @FirstHour AND u.hour < @EndHour")
            + (query.Model is null ? "" : " AND d.model{binary} = @Model");

    // Behind the empty key, not unequal to it, and in the index's collation: so the index on keys gives them in order.
    // The rows of all keys together are kept by day only, and without end users.
    private static string OfKeys(LedgerQuery query, LocalDays? days)
    {
        if (query is { Key: null, Keys: { } keys })
        {
            return keys.Count == 0 ? "1 = 0" : "d.key{binary} {in @Keys}";
        }

        return ApartByKey(query) || (query.Key is null && (query.ByEndUser || days is not null)) ? "d.key{binary} > @Key" : "d.key{binary} = @Key";
    }

    private static CommandDefinition Command(string sql, LedgerQuery query, CancellationToken cancellationToken) => new(
        sql,
        new
        {
            Key = query.Key ?? "",
            query.Keys,
            Start = DayNumber(query.Start),
            End = DayNumber(query.End),
            FirstHour = query.Days?.FirstHour,
            EndHour = query.Days?.EndHour,
            query.Model,
        },
        cancellationToken: cancellationToken);
}

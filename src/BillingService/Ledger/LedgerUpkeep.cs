using Dapper;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.BillingService.Ledger.Writing;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Deletes what is older than it has to be: at start and then daily, in steps so small that gateways don't notice.</summary>
internal sealed partial class LedgerUpkeep(ILedgerDatabase database, LedgerSettings settings, TimeProvider time, ILogger<LedgerUpkeep> logger)
{
    private const int RowsAtOnce = 2_000;
    private const int DimensionsAtOnce = 200;
    private const int HoursAtOnce = 6;

    /// <summary>How long a batch's id is known: a gateway may have been cut off that long before it sends it again.</summary>
    public static TimeSpan BatchesKept { get; } = TimeSpan.FromDays(35);

    /// <summary>How long it is known at least what was counted once, whatever the retention: upstream's objects are asked for that long.</summary>
    public static TimeSpan OnceKept { get; } = TimeSpan.FromDays(400);

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await DeleteAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is: a service without upkeep serves, one that ends doesn't.
                LogFailure(logger, e.GetType().Name, e.Message);
            }

            await Task.Delay(Every, time, cancellationToken);
        }
    }

    /// <summary>Deletes all that is due now.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var batches = (now - BatchesKept).ToUnixTimeSeconds();
        await DeleteSomeAsync("usage_batch", "taken", batches, cancellationToken);
        if (settings.Retention is { } retention)
        {
            // The first day that stays: its end is not longer ago than the retention.
            var day = LedgerReader.DayNumber(DateOnly.FromDateTime((now - retention).UtcDateTime));
            var once = LedgerReader.DayNumber(DateOnly.FromDateTime((now - (retention > OnceKept ? retention : OnceKept)).UtcDateTime));
            await DeleteHoursAsync(day * BatchSums.HoursOfDay, cancellationToken);
            await DeleteDaysAsync(day, cancellationToken);
            await DeleteSomeAsync("usage_once", "day", once, cancellationToken);
        }
    }

    private async Task DeleteSomeAsync(string table, string time, long before, CancellationToken cancellationToken)
    {
        var sql = $"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {time} < @Before LIMIT {RowsAtOnce})";
        while (await ExecuteAsync(sql, new { Before = before }, cancellationToken) == RowsAtOnce)
        {
        }
    }

    private async Task DeleteHoursAsync(long before, CancellationToken cancellationToken)
    {
        while (await FirstHourAsync(cancellationToken) is { } first && first < before)
        {
            await ExecuteAsync(
                "DELETE FROM usage_hour WHERE hour < @Before", new { Before = Math.Min(first + HoursAtOnce, before) }, cancellationToken);
        }
    }

    private async Task DeleteDaysAsync(long before, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var last = await connection.ExecuteScalarAsync<long?>("SELECT max(id) FROM usage_dims") ?? 0;
        for (var from = 0L; from < last; from += DimensionsAtOnce)
        {
            foreach (var table in (string[])["usage_day", "usage_latency"])
            {
                await ExecuteAsync(
                    $"DELETE FROM {table} WHERE dims_id > @From AND dims_id <= @To AND day < @Before",
                    new { From = from, To = from + DimensionsAtOnce, Before = before }, cancellationToken);
            }
        }
    }

    private async Task<long?> FirstHourAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>("SELECT min(hour) FROM usage_hour");
    }

    private async Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var transaction = await Migrations.BeginAsync(database, cancellationToken);
        var deleted = await transaction.Connection.ExecuteAsync(
            new CommandDefinition(sql, parameters, transaction.DbTransaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return deleted;
    }

    [LoggerMessage(3105, LogLevel.Warning, "Usage older than Ledger:Retention could not be deleted ({Exception}: {Message}). The next try is in a day.")]
    private static partial void LogFailure(ILogger logger, string exception, string message);
}

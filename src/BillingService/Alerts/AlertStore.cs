using System.Text.Json;
using Dapper;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Alerts;

/// <summary>
/// Alerts beside the ledger: each is kept once, and stays to be told through restarts. Of several services one at a time tries to tell it.
/// </summary>
internal sealed class AlertStore(ILedgerDatabase database, LedgerState state, TimeProvider time)
{
    // So long another service leaves it to the one that has taken it.
    private const long SecondsToTell = 120;
    private const int MostAtOnce = 20;

    /// <summary>Keeps an alert. False if it was kept before.</summary>
    /// <exception cref="LedgerAwayException">The database can't be written.</exception>
    public Task<bool> AddAsync(BudgetAlert alert, IReadOnlyList<string> webhooks, CancellationToken cancellationToken) => WriteAsync(
        "INSERT INTO budget_alert (id, alert, pending, attempts, due) VALUES (@Id, @Alert, @Pending, 0, @Now) ON CONFLICT DO NOTHING",
        new { alert.Id, Alert = JsonSerializer.Serialize(alert, ContractsJson.Default.BudgetAlert), Pending = string.Join(' ', webhooks), Now = Now() },
        cancellationToken);

    /// <summary>Those that are due, the oldest first.</summary>
    /// <exception cref="LedgerAwayException">The database can't be read.</exception>
    public Task<IReadOnlyList<PendingAlert>> DueAsync(CancellationToken cancellationToken) => state.RunAsync<IReadOnlyList<PendingAlert>>(
        async token =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(token);
            var rows = await connection.QueryAsync<Row>(new CommandDefinition(
                "SELECT alert AS Alert, pending AS Pending, attempts AS Attempts, due AS Due FROM budget_alert "
                    + "WHERE pending <> '' AND due <= @Now ORDER BY due LIMIT @Most",
                new { Now = Now(), Most = MostAtOnce }, cancellationToken: token));
            return [.. rows.Select(row => row.ToAlert()).OfType<PendingAlert>()];
        },
        cancellationToken);

    /// <summary>Takes one to tell it. False if another service has taken it.</summary>
    /// <exception cref="LedgerAwayException">The database can't be written.</exception>
    public Task<bool> TakeAsync(PendingAlert alert, CancellationToken cancellationToken) => WriteAsync(
        "UPDATE budget_alert SET due = @Until WHERE id = @Id AND due = @Due",
        new { alert.Alert.Id, alert.Due, Until = Now() + SecondsToTell }, cancellationToken);

    /// <summary>Notes to whom it is still to be told, and when.</summary>
    /// <exception cref="LedgerAwayException">The database can't be written.</exception>
    public Task<bool> KeepAsync(PendingAlert alert, CancellationToken cancellationToken) => WriteAsync(
        "UPDATE budget_alert SET pending = @Pending, attempts = @Attempts, due = @Due WHERE id = @Id",
        new { alert.Alert.Id, Pending = string.Join(' ', alert.Webhooks), alert.Attempts, alert.Due }, cancellationToken);

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private Task<bool> WriteAsync(string sql, object parameters, CancellationToken cancellationToken) => state.WriteAsync(
        async token =>
        {
            await using var transaction = await Migrations.BeginAsync(database, token);
            var count = await transaction.Connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction.DbTransaction, cancellationToken: token));
            await transaction.CommitAsync(token);
            return count > 0;
        },
        cancellationToken);

    private sealed record Row(string Alert, string Pending, long Attempts, long Due)
    {
        // Null for one that only another release can read: the others are told.
        public PendingAlert? ToAlert()
        {
            try
            {
                return JsonSerializer.Deserialize(Alert, ContractsJson.Default.BudgetAlert) is { } alert
                    ? new PendingAlert(alert, Pending.Split(' ', StringSplitOptions.RemoveEmptyEntries), (int)Attempts, Due)
                    : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}

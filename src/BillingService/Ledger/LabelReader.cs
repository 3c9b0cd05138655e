using Dapper;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Reads what is known of keys.</summary>
internal static class LabelReader
{
    public static async Task<Dictionary<string, KeyLabel>> FindAsync(
        ILedgerDatabase database, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return [];
        }

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var labels = await connection.QueryAsync<KeyLabel>(new CommandDefinition(
            database.Translate("SELECT key, name, ending FROM key_label WHERE key {in @Keys}"), new { Keys = keys }, cancellationToken: cancellationToken));
        return labels.ToDictionary(label => label.Key);
    }

    public static async Task<Dictionary<string, string>> NamesAsync(ILedgerDatabase database, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var named = await connection.QueryAsync<(string Key, string Name)>(new CommandDefinition(
            "SELECT key, name FROM key_label WHERE name <> ''", cancellationToken: cancellationToken));
        return named.ToDictionary(label => label.Key, label => label.Name);
    }
}

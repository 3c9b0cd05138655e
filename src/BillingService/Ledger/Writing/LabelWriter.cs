using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>Keeps what gateways say of keys; the label of the last batch holds.</summary>
internal static class LabelWriter
{
    private const string OnConflict = "ON CONFLICT (key) DO UPDATE SET name = excluded.name, ending = excluded.ending "
        + "WHERE key_label.name <> excluded.name OR key_label.ending <> excluded.ending";

    public static async Task WriteAsync(ILedgerTransaction transaction, UsageBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Keys is null)
        {
            return;
        }

        // Usage is not refused for a name. The keys of rows have been checked.
        var keys = batch.Rows.Select(row => row.What.Key).ToHashSet();
        var kept = batch.Keys.Where(label => IsLabel(label) && keys.Contains(label.Key)).DistinctBy(label => label.Key).ToArray();
        if (kept.Length > 0)
        {
            Column[] columns =
            [
                new("key", Array.ConvertAll(kept, label => label.Key)), new("name", Array.ConvertAll(kept, label => label.Name)),
                new("ending", Array.ConvertAll(kept, label => label.Ending)),
            ];
            await transaction.InsertAsync("key_label", OnConflict, columns, cancellationToken);
        }
    }

    private static bool IsLabel(KeyLabel? label) => label is { Key: not null, Name: not null, Ending: not null }
        && (label.Name.Length == 0 || KeyLabel.IsName(label.Name)) && KeyLabel.IsEnding(label.Ending);
}

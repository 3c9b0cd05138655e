using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>Keeps what gateways say of keys; the label of the last batch holds.</summary>
internal static class LabelWriter
{
    private const string OnConflict = "ON CONFLICT (key) DO UPDATE SET name = excluded.name, ending = excluded.ending";

    public static async Task WriteAsync(ILedgerTransaction transaction, IReadOnlyList<UsageBatch> batches, CancellationToken cancellationToken)
    {
        var labels = Labels(batches);
        if (labels.Length == 0)
        {
            return;
        }

        // Most are there as they are, and a row that is written is locked for all others until the end.
        var isKept = new bool[labels.Length];
        await transaction.FindAsync(
            "key_label", "name, ending", [Texts(labels, "key", label => label.Key)],
            (i, row) => isKept[i] = labels[i].Name == row.GetString(1) && labels[i].Ending == row.GetString(2), cancellationToken);
        var changed = labels.Where((_, i) => !isKept[i]).ToArray();
        if (changed.Length > 0)
        {
            await transaction.InsertAsync(
                "key_label", OnConflict,
                [Texts(changed, "key", label => label.Key), Texts(changed, "name", label => label.Name), Texts(changed, "ending", label => label.Ending)],
                cancellationToken);
        }
    }

    // By their keys' order.
    private static KeyLabel[] Labels(IReadOnlyList<UsageBatch> batches)
    {
        var last = new SortedDictionary<string, KeyLabel>(StringComparer.Ordinal);
        foreach (var batch in batches)
        {
            // Usage is not refused for a name. The keys of rows have been checked.
            var keys = batch.Keys is null ? [] : batch.Rows.Select(row => row.What.Key).ToHashSet();
            foreach (var label in (batch.Keys ?? []).Where(label => IsLabel(label) && keys.Contains(label.Key)).DistinctBy(label => label.Key))
            {
                last[label.Key] = label;
            }
        }

        return [.. last.Values];
    }

    private static Column Texts(KeyLabel[] labels, string name, Converter<KeyLabel, string> text) => new(name, Array.ConvertAll(labels, text));

    private static bool IsLabel(KeyLabel? label) => label is { Key: not null, Name: not null, Ending: not null }
        && (label.Name.Length == 0 || KeyLabel.IsName(label.Name)) && KeyLabel.IsEnding(label.Ending);
}

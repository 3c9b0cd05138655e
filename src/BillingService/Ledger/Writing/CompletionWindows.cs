using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>
/// Puts background responses into the tier of their completion window, where the gateway that saw their end did not know it: the requesting
/// call has sent a row with a mark (<see cref="CompletionWindow"/>). Marks are stored in usage_once, like other ids that count once.
/// </summary>
internal static class CompletionWindows
{
    /// <summary>The rows, each in its tier.</summary>
    public static async Task<IReadOnlyList<UsageRow>> ApplyAsync(
        ILedgerTransaction transaction, IReadOnlyList<UsageRow> rows, CancellationToken cancellationToken)
    {
        var open = Enumerable.Range(0, rows.Count).Where(i => IsOpen(rows[i])).ToArray();
        if (open.Length == 0)
        {
            return rows;
        }

        var marks = open.SelectMany(
            at => CompletionWindow.Tiers, (at, tier) => (At: at, Tier: tier, Mark: CompletionWindow.Mark(rows[at].Once!, tier))).ToArray();
        var here = rows.Where(row => row is { Once: not null, What.Unit: UsageUnit.Free }).Select(row => row.Once!).ToHashSet(StringComparer.Ordinal);
        var isMarked = Array.ConvertAll(marks, mark => here.Contains(mark.Mark));
        await transaction.FindAsync(
            "usage_once", "day", [new("id", Array.ConvertAll(marks, mark => OnceIds.Hash(UsageUnit.Free, mark.Mark)))],
            (i, _) => isMarked[i] = true, cancellationToken);
        var all = rows.ToArray();
        for (var i = 0; i < marks.Length; i++)
        {
            if (isMarked[i])
            {
                var row = all[marks[i].At];
                all[marks[i].At] = row with { What = row.What with { Tier = marks[i].Tier } };
            }
        }

        return all;
    }

    private static bool IsOpen(UsageRow row) => row is { Once: not null, What: { Unit: UsageUnit.Tokens, Tier: ServiceTier.Default } };
}

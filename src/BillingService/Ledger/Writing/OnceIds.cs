using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>
/// Leaves out what was counted before, for whichever key. An object's usage may be several rows, one for each unit, so a unit counts once
/// for each object. Kept as a hash: upstream's ids have any length.
/// </summary>
internal static class OnceIds
{
    private const int HashBytes = 16;

    /// <summary>The rows that count, and notes down that they did.</summary>
    public static async Task<IReadOnlyList<UsageRow>> TakeAsync(
        ILedgerTransaction transaction, IReadOnlyList<UsageRow> rows, CancellationToken cancellationToken)
    {
        var first = new Dictionary<(string Once, string Unit), UsageRow>();
        foreach (var row in rows)
        {
            if (row.Once is not null)
            {
                first.TryAdd((row.Once, UsageUnit.WithoutVariant(row.What.Unit)), row);
            }
        }

        if (first.Count == 0)
        {
            return rows;
        }

        var candidates = first.Values.ToArray();
        var ids = Array.ConvertAll(candidates, row => Hash(UsageUnit.WithoutVariant(row.What.Unit), row.Once!));
        var known = new bool[ids.Length];
        await transaction.FindAsync("usage_once", "day", [new("id", ids)], (i, _) => known[i] = true, cancellationToken);
        var added = Enumerable.Range(0, ids.Length).Where(i => !known[i]).ToArray();
        if (added.Length > 0)
        {
            await transaction.InsertAsync(
                "usage_once", "",
                [
                    new("id", Array.ConvertAll(added, i => ids[i])),
                    new("day", Array.ConvertAll(added, i => candidates[i].What.Hour / BatchSums.HoursOfDay)),
                ],
                cancellationToken);
        }

        return [.. rows.Where(row => row.Once is null), .. added.Select(i => candidates[i])];
    }

    /// <summary>What a unit of an object is noted down as.</summary>
    public static byte[] Hash(string unit, string once) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', unit, once)))[..HashBytes];
}

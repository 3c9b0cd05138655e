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
        Array.Sort(ids, candidates, ByteOrder.Instance);
        var added = await transaction.InsertNewAsync(
            "usage_once", [new("id", ids), new("day", Array.ConvertAll(candidates, row => row.What.Hour / BatchSums.HoursOfDay))], cancellationToken);
        return [.. rows.Where(row => row.Once is null), .. candidates.Where((_, i) => added[i])];
    }

    /// <summary>What a unit of an object is noted down as.</summary>
    public static byte[] Hash(string unit, string once) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', unit, once)))[..HashBytes];
}

using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>The ids of batches that were taken: none is taken twice.</summary>
internal static class BatchIds
{
    /// <summary>Notes down the ids. For each batch whether it is to be added; of several with one id only the first is.</summary>
    public static async Task<bool[]> TakeAsync(
        ILedgerTransaction transaction, IReadOnlyList<UsageBatch> batches, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = new SortedDictionary<Guid, int>();
        for (var i = 0; i < batches.Count; i++)
        {
            first.TryAdd(batches[i].Id, i);
        }

        var ids = first.Keys.Select(id => id.ToByteArray(bigEndian: true)).ToArray();
        var times = new long[ids.Length];
        Array.Fill(times, now.ToUnixTimeSeconds());
        var inserted = await transaction.InsertNewAsync("usage_batch", [new("id", ids), new("taken", times)], cancellationToken);
        var isNew = new bool[batches.Count];
        foreach (var (index, isInserted) in first.Values.Zip(inserted))
        {
            isNew[index] = isInserted;
        }

        return isNew;
    }
}

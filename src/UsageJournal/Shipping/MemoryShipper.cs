using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Shipping;

/// <summary>Ships what a gateway that stops has in memory only, because its disk took nothing: a full disk is often cured by a restart.</summary>
internal sealed class MemoryShipper(Journal journal, BatchSender sender, TimeProvider time)
{
    private const int RecordsPerBatch = 5_000;
    private const int Tries = 3;

    /// <summary>How long all of it may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Ships the records, and frees the slots of those that were taken. The others go back to memory.</summary>
    public async Task ShipAsync(IReadOnlyList<PendingRecord> records, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        foreach (var part in records.Chunk(RecordsPerBatch))
        {
            var isTaken = await TryShipAsync(part, limit.Token);
            foreach (var record in part)
            {
                if (isTaken)
                {
                    journal.Calls.Free(record.Slot);
                }
                else
                {
                    journal.Remember(record);
                }
            }
        }
    }

    private async Task<bool> TryShipAsync(PendingRecord[] records, CancellationToken cancellationToken)
    {
        var builder = new BatchBuilder();
        var names = new NameCache();
        foreach (var record in records)
        {
            builder.Add(RecordReader.Read(record.Payload, names));
        }

        var batch = sender.Encode(builder.Build(Guid.CreateVersion7()));
        try
        {
            for (var i = 0; i < Tries; i++)
            {
                if (await sender.SendAsync(batch, cancellationToken) is (SendResult.Taken, _))
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Time is up.
        }

        return false;
    }
}

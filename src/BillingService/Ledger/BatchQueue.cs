using System.Diagnostics;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>
/// Batches that wait to be written, in one transaction at a time. All that have come until it begins go into it, for most of its time is spent on
/// waiting for the disk and on rows that all of them share. A batch is acknowledged after the commit, and one that can't be written fails alone.
/// </summary>
/// <param name="take">Writes batches, all or none, which it asks for when it is its turn; for each whether it was new.</param>
internal sealed class BatchQueue(Func<Func<IReadOnlyList<UsageBatch>>, CancellationToken, Task<bool[]>> take)
{
    // Written long before those who wait for it give up.
    private const int MostBatches = 64;
    private const int MostRows = 5_000;

    private readonly LinkedList<PendingBatch> _waiting = new();
    private bool _isWriting;

    /// <summary>Takes a batch, whole or not at all. False if one with its id was taken before.</summary>
    public async Task<bool> AddAsync(UsageBatch batch, CancellationToken cancellationToken)
    {
        var pending = new PendingBatch(batch, cancellationToken);
        await using var registration = cancellationToken.UnsafeRegister(_ => Leave(pending), null);
        if (Join(pending))
        {
            // It goes on for others when this caller has its answer: none of this caller's context is theirs.
            using (ExecutionContext.SuppressFlow())
            {
                _ = WriteAllAsync();
            }
        }

        return await pending.Taken;
    }

    // True if nobody writes: the caller has to start it.
    private bool Join(PendingBatch pending)
    {
        lock (_waiting)
        {
            pending.Place = _waiting.AddLast(pending);
            var isFirst = !_isWriting;
            _isWriting = true;
            return isFirst;
        }
    }

    // At once, also while the writer hangs: its sender sends it again, and it would take memory each time. One that is being written ends with its group.
    private void Leave(PendingBatch pending)
    {
        lock (_waiting)
        {
            if (pending.Place?.List is null)
            {
                return;
            }

            _waiting.Remove(pending.Place);
        }

        pending.Failed(new OperationCanceledException(pending.GivenUp));
    }

    private async Task WriteAllAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            await using var group = new BatchGroup();
            lock (_waiting)
            {
                Fill(group, 1);
                if (group.Members.Count == 0)
                {
                    _isWriting = false;
                    return;
                }
            }

            await WriteAsync(group);
        }
    }

    private void Fill(BatchGroup group, int most)
    {
        while (group.Members.Count < most && _waiting.First?.Value is { } next
            && (group.Members.Count == 0 || group.Rows + next.Batch.Rows.Count <= MostRows) && group.TryAdd(next))
        {
            _waiting.RemoveFirst();
        }
    }

    private IReadOnlyList<UsageBatch> FillUp(BatchGroup group)
    {
        lock (_waiting)
        {
            Fill(group, MostBatches);
        }

        return [.. group.Members.Select(pending => pending.Batch)];
    }

    private async Task WriteAsync(BatchGroup group)
    {
        // The statements are spans of its trace; the others' have none.
        Activity.Current = group.Members[0].Request;
        try
        {
            var added = await take(() => FillUp(group), group.GivenUp);
            for (var i = 0; i < added.Length; i++)
            {
                group.Members[i].Took(added[i]);
            }
        }
        catch (Exception e) when (group.Members.Count > 1 && LedgerFailure.MayBeOfOneBatch(e))
        {
            foreach (var pending in group.Members)
            {
                await WriteAloneAsync(pending);
            }
        }
        catch (Exception e)
        {
            // Whatever it is: its senders are told, and the next ones have to be written.
            foreach (var pending in group.Members)
            {
                pending.Failed(e);
            }
        }
    }

    private async Task WriteAloneAsync(PendingBatch pending)
    {
        try
        {
            pending.Took((await take(() => [pending.Batch], pending.GivenUp))[0]);
        }
        catch (Exception e)
        {
            pending.Failed(e);
        }
    }
}

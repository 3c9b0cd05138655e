namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Batches of one transaction. Members are added by one caller; any thread may leave.</summary>
internal sealed class BatchGroup : IAsyncDisposable
{
    private readonly CancellationTokenSource _givenUp = new();
    private readonly List<PendingBatch> _members = [];
    private readonly List<CancellationTokenRegistration> _registrations = [];
    private readonly Lock _lock = new();
    private int _left;

    public IReadOnlyList<PendingBatch> Members => _members;

    /// <summary>The rows of all of them.</summary>
    public int Rows { get; private set; }

    /// <summary>Cancelled when nobody waits for any of them any more.</summary>
    public CancellationToken GivenUp => _givenUp.Token;

    /// <summary>False if all members have given up: what is being done for them ends.</summary>
    public bool TryAdd(PendingBatch pending)
    {
        lock (_lock)
        {
            if (_left == 0 && _members.Count > 0)
            {
                return false;
            }

            _left++;
        }

        _members.Add(pending);
        Rows += pending.Batch.Rows.Count;
        _registrations.Add(pending.GivenUp.UnsafeRegister(_ => Leave(), null));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var registration in _registrations)
        {
            await registration.DisposeAsync();
        }

        _givenUp.Dispose();
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_left > 0)
            {
                return;
            }
        }

        _givenUp.Cancel();
    }
}

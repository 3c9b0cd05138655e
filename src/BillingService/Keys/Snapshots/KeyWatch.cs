namespace OpenAIProxy.BillingService.Keys.Snapshots;

/// <summary>
/// Tells those who wait that the keys have changed: at once where this service changed them, and else by the version in the database, which is
/// looked at while somebody waits, once for all of them.
/// </summary>
internal sealed class KeyWatch : IDisposable
{
    private readonly KeyStore _keys;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = New();
    private Task<long>? _next;

    public KeyWatch(KeyStore keys, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _keys = keys;
        _time = time;
        _stopping = lifetime.ApplicationStopping;
        keys.Changed += Signal;
    }

    /// <summary>How often the database is looked at. Another service's change is to be known at the gateways within 2 s.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The keys, as soon as their version is not <paramref name="known"/>; null if it stays so for <paramref name="wait"/>.</summary>
    /// <exception cref="Ledger.LedgerAwayException">The database can't be read.</exception>
    /// <exception cref="OperationCanceledException">The caller left, or the service stops.</exception>
    public async Task<KeyBook?> WaitAsync(long? known, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(wait, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, _stopping);
        // Begun before the first look: a change behind that look ends it.
        var next = Next();
        try
        {
            var version = await _keys.VersionAsync(linked.Token);
            while (version == known)
            {
                version = await next.WaitAsync(linked.Token);
                next = version == known ? Next() : next;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        return await _keys.ReadAsync(cancellationToken);
    }

    public void Dispose() => _keys.Changed -= Signal;

    private void Signal()
    {
        lock (_lock)
        {
            _changed.TrySetResult();
        }
    }

    private Task<long> Next()
    {
        lock (_lock)
        {
            if (_next is null or { IsCompleted: true })
            {
                // A change since the last look began has this one begin at once.
                _next = LookAsync(_changed.Task);
                if (_changed.Task.IsCompleted)
                {
                    _changed = New();
                }

                _ = _next.ContinueWith(static look => _ = look.Exception, TaskScheduler.Default);
            }

            return _next;
        }
    }

    private async Task<long> LookAsync(Task changed)
    {
        await Task.WhenAny(changed, Task.Delay(Every, _time, _stopping));
        return await _keys.VersionAsync(_stopping);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

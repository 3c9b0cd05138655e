using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>
/// Whether the ledger can be used: it is not before its tables are there, and not while its database is unreachable or takes no writes. Turns every
/// failure of the database into <see cref="LedgerAwayException"/>, and says in the log once when it goes and once when it comes back. It is
/// back only when something was written: that others can be read proves nothing. Once a write of usage has failed, a probe proves nothing
/// either, for a lock on a row of the day stops batches and no probe. Only when no usage comes any more does a probe decide.
/// </summary>
internal sealed partial class LedgerState(TimeProvider time, ILogger<LedgerState> logger)
{
    private const int Attempts = 3;

    // For a write that was told to end: a database that is frozen doesn't even take that.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>How long no write must have been tried, after one that failed, until a probe shows that the ledger takes writes again.</summary>
    public static TimeSpan ProbeCounts { get; } = TimeSpan.FromMinutes(1);

    private readonly Outage _outage = new();
    private volatile bool _ready;
    private volatile string? _reason = "it is not prepared yet";
    private int _writing;
    private long _failed = long.MinValue;

    /// <summary>How long a write may take. Gateways wait for 30 seconds, and a lock is waited for during 5: who is called gives up first.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Why the ledger can't be used, in a few words without secrets; null if it can, as far as is known.</summary>
    public string? Reason => _reason;

    /// <summary>True once its tables are there.</summary>
    public bool IsReady => _ready;

    /// <summary>Notes that the tables are there.</summary>
    public void Ready()
    {
        _ready = true;
        _reason = null;
    }

    /// <summary>Its tables could not be made ready.</summary>
    public void Unready(string reason) => _reason = reason;

    /// <summary>Runs a query.</summary>
    /// <exception cref="LedgerAwayException">The database failed, or isn't ready.</exception>
    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        => _ready ? TryAsync(work, cancellationToken) : throw new LedgerAwayException(null);

    /// <summary>Runs a write, within <see cref="WriteTimeout"/>. One that its sender cancels counts as failed.</summary>
    /// <exception cref="LedgerAwayException">The database failed, isn't ready, or takes too long.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    public async Task<T> WriteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(WriteTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var isWritten = false;
        Interlocked.Increment(ref _writing);
        try
        {
            var write = RunAsync(work, limit.Token);
            var result = await InTime(write, WriteTimeout + Grace, cancellationToken);
            isWritten = true;
            Back();
            return result;
        }
        catch (TimeoutException e)
        {
            Away("its database does not answer", e);
            throw new LedgerAwayException(e);
        }
        catch (OperationCanceledException e)
        {
            var isGivenUp = cancellationToken.IsCancellationRequested;
            Away(
                isGivenUp ? "a gateway gave up on a write before it was done"
                : string.Create(CultureInfo.InvariantCulture, $"a write took longer than {WriteTimeout.TotalSeconds:0.#} s"),
                e.InnerException ?? e);
            if (isGivenUp)
            {
                throw;
            }

            throw new LedgerAwayException(e);
        }
        finally
        {
            Volatile.Write(ref _failed, isWritten ? long.MinValue : time.GetTimestamp());
            Interlocked.Decrement(ref _writing);
            // A sender who gives up ends the wait at once, perhaps before the write has heard of it, and then it would not hear of it any more.
            await limit.CancelAsync();
        }
    }

    /// <summary>Notes that a probe was written.</summary>
    public void Probed()
    {
        // A write that goes on will tell itself.
        if (Volatile.Read(ref _writing) == 0 && IsLongAgo(Volatile.Read(ref _failed)))
        {
            Back();
        }
    }

    /// <summary>True for what a database, its file or its connection throws.</summary>
    // A host name that can't be resolved, as that of a container that stopped, is a SocketException of Npgsql's: npgsql/npgsql#5606.
    public static bool IsFailure(Exception e)
        => e is DbException or IOException or UnauthorizedAccessException or TimeoutException or SocketException;

    // What doesn't end in time is left to itself. If it is done in the end, the gateway's next try finds its batch there.
    private async Task<T> InTime<T>(Task<T> write, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await write.WaitAsync(limit, time, cancellationToken);
        }
        finally
        {
            if (!write.IsCompleted)
            {
                _ = write.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
            }
        }
    }

    // Again if the database says that this may help: a broken connection, a deadlock. A lock was waited for long enough.
    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work(cancellationToken);
            }
            catch (DbException e) when (e is { IsTransient: true, InnerException: not TimeoutException } && !LedgerFailure.IsLocked(e) && attempt < Attempts)
            {
                // Pooled connections that a restart of the database has broken.
            }
            catch (Exception e) when (e is NewerLedgerException || IsFailure(e))
            {
                Away(LedgerFailure.Describe(e), e);
                throw new LedgerAwayException(e);
            }
        }
    }

    private void Away(string reason, Exception e)
    {
        _reason = reason;
        if (_outage.Begin())
        {
            LogAway(logger, reason, e.GetType().Name, e.Message);
        }
    }

    private bool IsLongAgo(long failed) => failed == long.MinValue || time.GetElapsedTime(failed) >= ProbeCounts;

    private void Back()
    {
        if (_outage.End())
        {
            _reason = null;
            LogBack(logger);
        }
    }

    [LoggerMessage(3101, LogLevel.Error, "The ledger is not available: {Reason} ({Exception}: {Message}). Gateways keep their usage in their journals.")]
    private static partial void LogAway(ILogger logger, string reason, string exception, string message);

    [LoggerMessage(3102, LogLevel.Information, "The ledger is available again.")]
    private static partial void LogBack(ILogger logger);
}

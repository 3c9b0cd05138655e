using System.Data.Common;
using System.Net.Sockets;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>
/// Whether the ledger can be used: it is not before its tables are there, and not while its database is away. Turns every failure of the
/// database into <see cref="LedgerAwayException"/>, and says in the log once when it goes and once when it comes back.
/// </summary>
internal sealed partial class LedgerState(ILogger<LedgerState> logger)
{
    private const int Attempts = 3;

    private volatile bool _ready;
    private int _away;

    /// <summary>Its tables are there.</summary>
    public void Ready() => _ready = true;

    /// <summary>Does <paramref name="work"/>, again if the database says that this may help: a broken connection, a deadlock.</summary>
    /// <exception cref="LedgerAwayException">The database failed, or isn't ready.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (!_ready)
        {
            throw new LedgerAwayException(null);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = await work(cancellationToken);
                Back();
                return result;
            }
            catch (DbException e) when (e is { IsTransient: true, InnerException: not TimeoutException } && attempt < Attempts)
            {
                // Pooled connections that a restart of the database has broken.
            }
            catch (Exception e) when (IsFailure(e))
            {
                Away(e);
                throw new LedgerAwayException(e);
            }
        }
    }

    /// <summary>True for what a database, its file or its connection throws.</summary>
    // A host name that can't be resolved, as that of a container that stopped, is a SocketException of Npgsql's: npgsql/npgsql#5606.
    public static bool IsFailure(Exception e)
        => e is DbException or IOException or UnauthorizedAccessException or TimeoutException or SocketException;

    private void Away(Exception e)
    {
        if (Interlocked.Exchange(ref _away, 1) == 0)
        {
            LogAway(logger, e.GetType().Name, e.Message);
        }
    }

    private void Back()
    {
        if (Volatile.Read(ref _away) == 1 && Interlocked.Exchange(ref _away, 0) == 1)
        {
            LogBack(logger);
        }
    }

    [LoggerMessage(3101, LogLevel.Error, "The ledger is not available ({Exception}: {Message}); gateways keep their usage until it is.")]
    private static partial void LogAway(ILogger logger, string exception, string message);

    [LoggerMessage(3102, LogLevel.Information, "The ledger is available again.")]
    private static partial void LogBack(ILogger logger);
}

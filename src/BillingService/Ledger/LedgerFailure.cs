using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
using OpenAIProxy.BillingService.Ledger.Storage;
using SQLitePCL;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>What a failure of the database means, in words that may be shown to anybody who asks for the service's health.</summary>
internal static class LedgerFailure
{
    /// <summary>The reason in a few words, without names of hosts, files or users.</summary>
    public static string Describe(Exception e) => e switch
    {
        NewerLedgerException => "a newer release has changed it, so nothing is written; update this service",
        _ when IsLocked(e) => "it is locked: somebody else holds a lock that a write needs",
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } or PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "its disk is full",
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY } or PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }
            => "it is read-only",
        SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_IOERR } or IOException or UnauthorizedAccessException
            => "its file can't be used",
        SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } => "its file is damaged",
        PostgresException or SqliteException => "its database refuses to work",
        SocketException or NpgsqlException { InnerException: SocketException or IOException } => "its database can't be reached",
        _ => "its database does not answer",
    };

    /// <summary>True if a batch may be what the database refuses, so that another would be taken.</summary>
    public static bool MayBeOfOneBatch(Exception e) => e switch
    {
        OperationCanceledException or NewerLedgerException or IOException or SocketException or TimeoutException or UnauthorizedAccessException => false,
        _ when IsLocked(e) => false,
        // Class 57: an operator or a shutdown ended it.
        PostgresException postgres => !postgres.IsTransient && !postgres.SqlState.StartsWith("57", StringComparison.Ordinal),
        // The connection, not what the server says.
        NpgsqlException => false,
        _ => true,
    };

    /// <summary>True if somebody else holds a lock that was waited for in vain.</summary>
    public static bool IsLocked(Exception e)
        => e is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } or DbException { SqlState: PostgresErrorCodes.LockNotAvailable };
}

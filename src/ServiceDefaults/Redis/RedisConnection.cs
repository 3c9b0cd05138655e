using Microsoft.Extensions.Logging;
using OpenAIProxy.ServiceDefaults.Logs;
using StackExchange.Redis;

namespace OpenAIProxy.ServiceDefaults.Redis;

/// <summary>
/// The app's Redis: may be absent, unreachable at the start or later. It connects when first used, never blocks the start,
/// and no operation waits longer than <see cref="Patience"/>. Every failure is an answer (<c>false</c>), never an exception.
/// </summary>
public sealed partial class RedisConnection : IAsyncDisposable
{
    private readonly Func<Task<IConnectionMultiplexer>>? _connect;
    private readonly ILogger<RedisConnection> _logger;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Outage _outage = new();
    private Task<IConnectionMultiplexer>? _connection;

    /// <summary>Creates it. <paramref name="connect"/> is null where no Redis is configured.</summary>
    public RedisConnection(Func<Task<IConnectionMultiplexer>>? connect, ILogger<RedisConnection> logger, TimeProvider? time = null)
    {
        _connect = connect;
        _logger = logger;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>How long one operation may take before Redis counts as unreachable: half a second.</summary>
    public static TimeSpan OperationTimeout { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary><see cref="OperationTimeout"/>, but for tests: on a busy machine theirs may stall for longer and yet be no failure.</summary>
    internal TimeSpan Patience { get; set; } = OperationTimeout;

    /// <summary>True if a connection string is configured.</summary>
    public bool IsConfigured => _connect is not null;

    /// <summary>Does <paramref name="operation"/>. <c>Done</c> is false if Redis is absent, unreachable, too slow, or refused it.</summary>
    public async ValueTask<(bool Done, T? Value)> TryAsync<T>(Func<IDatabase, Task<T>> operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (Connection() is not { } connection)
        {
            return (false, default);
        }

        // Connecting and the operation share one limit.
        using var patience = new CancellationTokenSource(Patience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var multiplexer = await connection.WaitAsync(limit.Token);
            if (!multiplexer.IsConnected)
            {
                Away("not connected");
                return (false, default);
            }

            var value = await operation(multiplexer.GetDatabase()).WaitAsync(limit.Token);
            Back();
            return (true, value);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException or InvalidOperationException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Away(Describe(e));
            return (false, default);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsCompletedSuccessfully: true } connection)
        {
            await connection.Result.CloseAsync(allowCommandsToComplete: false);
        }
    }

    private Task<IConnectionMultiplexer>? Connection()
    {
        if (_connect is null)
        {
            return null;
        }

        var connection = Volatile.Read(ref _connection);
        if (connection is { IsFaulted: false, IsCanceled: false })
        {
            return connection;
        }

        lock (_gate)
        {
            return _connection is { IsFaulted: false, IsCanceled: false } ? _connection : _connection = _connect();
        }
    }

    // The message of a Redis exception may repeat the command with its key.
    private static string Describe(Exception e) => e switch
    {
        OperationCanceledException or TimeoutException => "no answer in time",
        RedisServerException => "it refuses the command",
        RedisException => "no connection to it",
        _ => e.GetType().Name,
    };

    private void Away(string reason)
    {
        if (_outage.Begin())
        {
            LogAway(_logger, reason);
        }
    }

    private void Back()
    {
        if (_outage.End())
        {
            LogBack(_logger);
        }
    }

    [LoggerMessage(1001, LogLevel.Warning, "Redis is unreachable ({Reason}). Going on without it; further failures are not logged until it answers again.")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(1002, LogLevel.Information, "Redis is reachable again.")]
    private static partial void LogBack(ILogger logger);
}

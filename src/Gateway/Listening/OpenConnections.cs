using Microsoft.AspNetCore.Connections;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>
/// Counts the clients' connections, whatever they speak: HTTP/1.1, HTTP/2 or WebSocket, and keeps their number within
/// <see cref="ListenSettings.MaxConnections"/>. A connection counts until its last request has ended in the gateway, with its usage record.
/// </summary>
internal sealed partial class OpenConnections(ListenSettings settings, TimeProvider time, ILogger<OpenConnections> logger)
{
    private readonly InProgress _connections = new();
    private readonly SilentConnections _silent = new(settings.HeadTimeout, time);
    private int _isFull;

    /// <summary>How many are open, idle ones too.</summary>
    public int Count => _connections.Count;

    /// <summary>Completes as soon as none is open.</summary>
    public Task WhenNone() => _connections.WhenNone();

    /// <summary>Puts the counting into a listener's pipeline; before TLS, so that it sees every connection.</summary>
    public ConnectionDelegate Use(ConnectionDelegate next) => async connection =>
    {
        _connections.Begin();
        try
        {
            if (_connections.Count <= settings.MaxConnections || MakesRoom())
            {
                if (await _silent.SpeaksAsync(connection))
                {
                    await next(connection);
                }
            }
        }
        finally
        {
            _connections.End();
        }
    };

    // Kestrel's own limit closes the newest, which may be the only one that wants something; and says so for each.
    private bool MakesRoom()
    {
        if (Interlocked.Exchange(ref _isFull, 1) == 0)
        {
            LogFull(logger, settings.MaxConnections);
        }

        return _silent.TryCloseOldest();
    }

    [LoggerMessage(2221, LogLevel.Warning,
        "All {Limit} client connections are in use (Listen:MaxConnections). A new one replaces the oldest that has sent nothing yet; without such a "
        + "one it is closed. Logged once.")]
    private static partial void LogFull(ILogger logger, int limit);
}

using Microsoft.AspNetCore.Connections;

namespace OpenAIProxy.Gateway.Stopping;

/// <summary>
/// Counts the clients' connections, whatever they speak: HTTP/1.1, HTTP/2 or WebSocket. A connection counts until its last request has ended
/// in the gateway, with its usage record.
/// </summary>
internal sealed class OpenConnections
{
    private readonly InProgress _connections = new();

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
            await next(connection);
        }
        finally
        {
            _connections.End();
        }
    };
}

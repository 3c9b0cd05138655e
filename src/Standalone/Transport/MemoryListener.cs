using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace OpenAIProxy.Standalone.Transport;

/// <summary>Hands Kestrel the connections that were dialed.</summary>
internal sealed class MemoryListener(EndPoint endpoint, Channel<MemoryConnection> dialed) : IConnectionListener
{
    /// <inheritdoc/>
    public EndPoint EndPoint => endpoint;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        // Null is the end: Kestrel asks no more.
        while (await dialed.Reader.WaitToReadAsync(cancellationToken))
        {
            if (dialed.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        dialed.Writer.TryComplete();
        // Dialed and never accepted: whoever waits for an answer must not wait on.
        while (dialed.Reader.TryRead(out var connection))
        {
            await connection.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();
}

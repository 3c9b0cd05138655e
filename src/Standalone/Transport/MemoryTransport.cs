using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace OpenAIProxy.Standalone.Transport;

/// <summary>
/// Connections within this process, for Kestrel on one side and <see cref="SocketsHttpHandler.ConnectCallback"/> on the other: what goes from
/// gateway to billing service takes the same way as between two processes, without a second port.
/// </summary>
internal sealed class MemoryTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly Channel<MemoryConnection> _dialed = Channel.CreateUnbounded<MemoryConnection>();

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">The listener has stopped.</exception>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = new MemoryConnection();
        return _dialed.Writer.TryWrite(connection)
            ? ValueTask.FromResult(connection.ClientStream)
            : ValueTask.FromException<Stream>(new IOException("The billing service of this process has stopped."));
    }

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        => ValueTask.FromResult<IConnectionListener>(new MemoryListener(endpoint, _dialed));

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is MemoryEndPoint;
}

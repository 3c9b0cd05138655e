using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace OpenAIProxy.Standalone.Transport;

/// <summary>One connection: two pipes, Kestrel's ends in <see cref="DefaultConnectionContext.Transport"/>.</summary>
internal sealed class MemoryConnection : DefaultConnectionContext
{
    private static readonly PipeOptions Options = new(useSynchronizationContext: false);

    private readonly Pipe _toServer = new(Options);
    private readonly Pipe _toClient = new(Options);
    private readonly CancellationTokenSource _closed = new();
    private readonly DialedStream _client;

    public MemoryConnection()
        : base(Guid.NewGuid().ToString("N"))
    {
        _client = new DialedStream(_toClient.Reader, _toServer.Writer, Close);
        Transport = new DuplexPipe(_toServer.Reader, _toClient.Writer);
        ConnectionClosed = _closed.Token;
    }

    /// <summary>The side of who dialed.</summary>
    public Stream ClientStream => _client;

    /// <summary>Breaks the connection: the client reads an error, not the end of an answer, and Kestrel stops reading.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _client.Break();
        _toServer.Reader.CancelPendingRead();
        Close();
    }

    /// <summary>Called by Kestrel when it is done with the connection. What it has written can still be read.</summary>
    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        Close();
        await base.DisposeAsync();
    }

    // Kestrel's handlers run elsewhere: whoever closes a connection doesn't wait for them.
    private void Close() => ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), _closed, preferLocal: false);
}

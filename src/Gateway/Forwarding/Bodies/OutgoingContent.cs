using System.Net;

namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>
/// A request's body as the HTTP client sends it: it may be sent more than once. SocketsHttpHandler itself sends a request again that an
/// HTTP/2 upstream refused (REFUSED_STREAM, or GOAWAY with a lower last stream), up to three times, if only the content can be read again;
/// the forwarder's own can't.
/// https://github.com/dotnet/runtime/blob/v10.0.0/src/libraries/System.Net.Http/src/System/Net/Http/SocketsHttpHandler/ConnectionPool/HttpConnectionPool.cs
/// </summary>
/// <param name="body">The body.</param>
/// <param name="forwarders">The forwarder's content. It copies the body once, and keeps the timers while it does.</param>
internal sealed class OutgoingContent(RequestBody body, HttpContent forwarders) : HttpContent
{
    private CancellationTokenSource? _stop;
    private OutgoingStream? _stream;
    private Task? _copying;
    private CancellationToken _sending;
    private volatile bool _isAnswered;
    private bool _startsOver;

    /// <summary>
    /// The token with which the request is sent. Over HTTP/1.1 the body is sent with the same, over HTTP/2 with one of its own; that is how
    /// the content learns the version.
    /// </summary>
    public CancellationToken SendToken { get; set; }

    /// <summary>The request will be sent anew, with another body than before.</summary>
    public void StartOver()
    {
        _startsOver = true;
        _stream?.Discard();
    }

    /// <summary>There is an answer: nothing is sent again.</summary>
    public void IsAnswered()
    {
        _isAnswered = true;
        _stream?.Settle();
        body.IsAnswered();
        SendingEnded();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_copying is not null)
        {
            return SendAgainAsync(stream, _copying, cancellationToken);
        }

        _sending = cancellationToken;
        var isHttp1 = cancellationToken == SendToken;
        _stream = new OutgoingStream(body, stream, canMove: !isHttp1);
        _stop = isHttp1 ? null : new CancellationTokenSource();
        _copying = forwarders.CopyToAsync(_stream, context, _stop?.Token ?? cancellationToken);
        return isHttp1 || _copying.IsCompleted ? _copying : WatchAsync(_copying, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            forwarders.Dispose();
            _stop?.Dispose();
        }

        base.Dispose(disposing);
    }

    // The upstream wants no more of the body: before it answered the request may be sent again, and copying goes on there.
    private void SendingEnded()
    {
        if (_isAnswered && _sending.IsCancellationRequested)
        {
            _stop?.Cancel();
        }
    }

    private async Task WatchAsync(Task copying, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static content => ((OutgoingContent)content!).SendingEnded(), this))
        {
            await copying;
        }
    }

    private async Task SendAgainAsync(Stream stream, Task copying, CancellationToken cancellationToken)
    {
        if (!body.TryBeginResend())
        {
            throw new NotProcessedException();
        }

        try
        {
            _sending = cancellationToken;
            if (!_startsOver)
            {
                _stream!.MoveTo(stream);
                await WatchAsync(copying, cancellationToken);
                await _stream.FinishAsync(stream, cancellationToken);
                return;
            }

            await copying;
            await body.ResendAsync(stream, 0, body.KeptLength, cancellationToken);
        }
        finally
        {
            body.EndResend();
        }
    }
}

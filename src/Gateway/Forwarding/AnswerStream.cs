namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// The upstream's body on its way to the client. Its one task: if the first byte is not there yet, the head goes out alone, so that the
/// client knows it was heard. If it is there, head and body leave in one packet.
/// </summary>
internal sealed class AnswerStream(Stream upstream, HttpResponse response, PhaseTimer? timer) : ReadOnlyStream
{
    private bool _headSent;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        timer?.Progress();
        var read = upstream.ReadAsync(buffer, cancellationToken);
        if (_headSent || read.IsCompleted)
        {
            // The forwarder asks first with an empty buffer; only real bytes take the head with them.
            _headSent |= !buffer.IsEmpty;
            return read;
        }

        _headSent = true;
        return SendHeadThenAwait(read, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            upstream.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> SendHeadThenAwait(ValueTask<int> read, CancellationToken cancellationToken)
    {
        await response.Body.FlushAsync(cancellationToken);
        return await read;
    }
}

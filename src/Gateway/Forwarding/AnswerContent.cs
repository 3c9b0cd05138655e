using System.Net;
using OpenAIProxy.Gateway.Forwarding.Timing;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Puts an <see cref="AnswerStream"/> between the upstream's body and the forwarder that copies it.</summary>
internal sealed class AnswerContent(HttpContent upstream, HttpResponse response, PhaseTimer timer, KeepAlive? keepAlive, CallObserver call) : HttpContent
{
    protected override Task<Stream> CreateContentReadStreamAsync()
    {
        var stream = upstream.ReadAsStreamAsync();
        return stream.IsCompletedSuccessfully ? Task.FromResult<Stream>(Wrap(stream.Result)) : WrapAsync(stream);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

    private AnswerStream Wrap(Stream stream) => new AnswerStream(call.Tap(stream), response, timer, keepAlive);

    private async Task<Stream> WrapAsync(Task<Stream> stream) => Wrap(await stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            upstream.Dispose();
        }

        base.Dispose(disposing);
    }
}

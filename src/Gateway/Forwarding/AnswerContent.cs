using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Forwarding.Timing;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Puts an <see cref="AnswerStream"/> between the upstream's body and the forwarder that copies it.</summary>
internal sealed class AnswerContent(HttpContent upstream, HttpResponse response, PhaseTimer timer, KeepAlive? keepAlive, CallObserver call)
    : UpstreamContent(upstream)
{
    protected override Stream Wrap(Stream stream) => new AnswerStream(call.Tap(stream), response, timer, keepAlive);
}

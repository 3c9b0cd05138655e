using OpenAIProxy.Gateway.ChatLog.Calls;
using OpenAIProxy.Gateway.Forwarding.Bodies;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>Copies a request's body as the client sends it, beside another who observes it.</summary>
internal sealed class LoggedRequestBody(BodyObserver inner, CapturedBody body) : WrappedBody(inner)
{
    public override void Observe(ReadOnlySpan<byte> bytes)
    {
        body.Append(bytes);
        base.Observe(bytes);
    }
}

using System.Diagnostics;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Sockets;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Observes a call beside another observer, who is told of all of its steps, too.</summary>
/// <param name="inner">The other.</param>
internal abstract class WrappedCall(CallObserver inner) : CallObserver
{
    public override Guid Id => inner.Id;

    public override Refusal? Refusal => inner.Refusal;

    public override BodyObserver ObserveBody(HttpRequest request) => inner.ObserveBody(request);

    public override ValueTask<Refusal?> AdmitAsync(HttpContext context) => inner.AdmitAsync(context);

    public override void Refused() => inner.Refused();

    public override void Sent(Activity? span) => inner.Sent(span);

    public override void SendingHead(IHeaderDictionary headers, HttpRequestMessage message) => inner.SendingHead(headers, message);

    public override void Answered(HttpResponseMessage answer, HttpResponse response) => inner.Answered(answer, response);

    public override Stream Tap(Stream upstream) => inner.Tap(upstream);

    public override Stream TapSocket(Stream upstream) => inner.TapSocket(upstream);

    public override SocketJudge? JudgeMessages() => inner.JudgeMessages();

    public override void Failed(int status, bool wasHeard) => inner.Failed(status, wasHeard);

    public override void Closed(Activity? span) => inner.Closed(span);
}

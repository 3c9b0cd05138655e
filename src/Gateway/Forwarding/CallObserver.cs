using System.Diagnostics;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Sockets;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// Is told of the steps of one call to the upstream, in the order of its members, and may change what passes. Every member does nothing
/// unless it is overridden, as in YARP's <see cref="Yarp.ReverseProxy.Forwarder.HttpTransformer"/>. <see cref="UpstreamForwarder"/> has a
/// drawing of the steps.
/// </summary>
internal abstract class CallObserver
{
    /// <summary>Observes nothing.</summary>
    public static CallObserver None { get; } = new NoObserver();

    /// <summary>The id under which the call is recorded; empty if it is not, or not yet.</summary>
    public virtual Guid Id => Guid.Empty;

    /// <summary>Why the call must not be made; null if it may. One that is refused gets no further step.</summary>
    public virtual Refusal? Refusal => null;

    /// <summary>The request has a body, which will be read. What it returns is told of the bytes.</summary>
    public virtual BodyObserver ObserveBody(HttpRequest request) => BodyObserver.None;

    /// <summary>
    /// The request is about to go upstream, and what it says is known as far as its body is held. Why it must not go; null if it may. It may wait
    /// here for its turn.
    /// </summary>
    public virtual ValueTask<Refusal?> AdmitAsync(HttpContext context) => default;

    /// <summary>
    /// The request was not admitted, by this observer or another, or its body was refused while it went upstream. It gets no further step but
    /// <see cref="Failed"/> and <see cref="Closed"/>.
    /// </summary>
    public virtual void Refused() { }

    /// <summary>The request goes upstream now.</summary>
    /// <param name="span">The call's; null while nobody listens.</param>
    public virtual void Sent(Activity? span) { }

    /// <summary>The head of the request is complete, and about to be copied.</summary>
    /// <param name="headers">What the upstream gets; may be changed.</param>
    /// <param name="message">What carries it.</param>
    public virtual void SendingHead(IHeaderDictionary headers, HttpRequestMessage message) { }

    /// <summary>The answer's head is there.</summary>
    /// <param name="answer">The upstream's.</param>
    /// <param name="response">Ours; it already has the headers of <paramref name="answer"/>, and they may be changed.</param>
    public virtual void Answered(HttpResponseMessage answer, HttpResponse response) { }

    /// <summary>The answer's body as it goes on to the client.</summary>
    public virtual Stream Tap(Stream upstream) => upstream;

    /// <summary>The connection to the upstream behind a 101, read and written.</summary>
    public virtual Stream TapSocket(Stream upstream) => upstream;

    /// <summary>Who judges the client's messages behind a 101; null for nobody, and they pass as they come. Those that are refused, no tap sees.</summary>
    public virtual SocketJudge? JudgeMessages() => null;

    /// <summary>The gateway answers by itself, because the upstream does not.</summary>
    /// <param name="status">The status of that answer.</param>
    /// <param name="wasHeard">True if the upstream may have got the request, and may have worked on it.</param>
    public virtual void Failed(int status, bool wasHeard) { }

    /// <summary>The call is over, however it went. Whoever observes it ends its span.</summary>
    /// <param name="span">The span of <see cref="Sent"/>; null if there is none, or if it was not sent.</param>
    public virtual void Closed(Activity? span) => span?.Dispose();

    private sealed class NoObserver : CallObserver;
}

using OpenAIProxy.Gateway.ChatLog.Calls;
using OpenAIProxy.Gateway.Forwarding.Bodies;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>Copies a request's body as the client sends it, beside another who observes it.</summary>
internal sealed class LoggedRequestBody(BodyObserver inner, CapturedBody body) : BodyObserver
{
    public override bool HoldsBody => inner.HoldsBody;

    public override bool MayInsert => inner.MayInsert;

    public override void Observe(ReadOnlySpan<byte> bytes)
    {
        body.Append(bytes);
        inner.Observe(bytes);
    }

    public override Insertion? Decide(bool isWhole) => inner.Decide(isWhole);

    public override void InsertionTakenOut() => inner.InsertionTakenOut();

    public override void InsertionRefused() => inner.InsertionRefused();

    public override void Passed() => inner.Passed();
}

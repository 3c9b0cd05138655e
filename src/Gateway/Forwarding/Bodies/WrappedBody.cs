using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>Sees a request's body beside another observer, who is told of all of it, too.</summary>
/// <param name="inner">The other.</param>
internal abstract class WrappedBody(BodyObserver inner) : BodyObserver
{
    public override bool HoldsBody => inner.HoldsBody;

    public override bool MayInsert => inner.MayInsert;

    public override void Observe(ReadOnlySpan<byte> bytes) => inner.Observe(bytes);

    public override Insertion? Decide(bool isWhole) => inner.Decide(isWhole);

    public override Refusal? Judge(bool isWhole) => inner.Judge(isWhole);

    public override void InsertionTakenOut() => inner.InsertionTakenOut();

    public override void InsertionRefused() => inner.InsertionRefused();

    public override void Passed() => inner.Passed();
}

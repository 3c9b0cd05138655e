using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>Sees the body of a request on its way, and may have something put into it.</summary>
internal abstract class BodyObserver
{
    /// <summary>Observes nothing.</summary>
    public static BodyObserver None { get; } = new NoObserver();

    /// <summary>True if the body is to be held back until it is whole, or too large to wait for.</summary>
    public virtual bool HoldsBody => false;

    /// <summary>True while something may have to be put in: a larger body is held back then, too.</summary>
    public virtual bool MayInsert => false;

    /// <summary>The next bytes; none at the end.</summary>
    public virtual void Observe(ReadOnlySpan<byte> bytes) { }

    /// <summary>The request goes upstream now. What is to be put into its body; null for nothing.</summary>
    /// <param name="isWhole">True if all of the body is there.</param>
    public virtual Insertion? Decide(bool isWhole) => null;

    /// <summary>
    /// The bytes that were observed last are about to pass, while the request is on its way. Why they must not; null if they may. What is refused
    /// never was a whole request to the upstream.
    /// </summary>
    /// <param name="isWhole">True if they are the last of the body.</param>
    public virtual Refusal? Judge(bool isWhole) => null;

    /// <summary>The upstream refused the request, which is sent again as it came.</summary>
    public virtual void InsertionTakenOut() { }

    /// <summary>The upstream took the request only without what was put in.</summary>
    public virtual void InsertionRefused() { }

    /// <summary>All of the body has passed.</summary>
    public virtual void Passed() { }

    private sealed class NoObserver : BodyObserver;
}

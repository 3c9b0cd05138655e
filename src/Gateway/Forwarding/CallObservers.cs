using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Paths;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Makes the observer of each call. This one observes nothing; who does registers another in its place.</summary>
internal class CallObservers
{
    /// <summary>The observer of a request that is about to be forwarded.</summary>
    public virtual CallObserver Start(HttpContext context, Caller caller, RequestPath path, bool isUpgrade) => CallObserver.None;

    /// <summary>The handler through which all requests go upstream.</summary>
    public virtual HttpMessageHandler Wrap(HttpMessageHandler upstream) => upstream;

    /// <summary>Completes as soon as no observer goes on with a call whose client has left.</summary>
    public virtual Task WhenDrained() => Task.CompletedTask;
}

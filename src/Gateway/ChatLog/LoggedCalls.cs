using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.ChatLog.Calls;
using OpenAIProxy.Gateway.ChatLog.Lines;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Metering.Endpoints;
using OpenAIProxy.Gateway.Paths;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>Has the calls written down that models answer, whoever else observes them. There is none while the chat log is off.</summary>
/// <param name="inner">Who else observes calls.</param>
/// <param name="queue">Takes calls that are over.</param>
/// <param name="bodies">Says how much is kept.</param>
/// <param name="memory">What all bodies may take together.</param>
/// <param name="time">The clock.</param>
internal sealed class LoggedCalls(
    CallObservers inner, ChatLogQueue queue, BodyText bodies, [FromKeyedServices(ChatLogExtensions.Memory)] BodyMemory memory, TimeProvider time)
    : CallObservers
{
    /// <summary>The clock of calls.</summary>
    public TimeProvider Time => time;

    /// <summary>An empty copy of a body of this type.</summary>
    public CapturedBody Capture(BodyType type) => new(type, bodies.MostKept(type), memory);

    public override CallObserver Start(HttpContext context, Caller caller, RequestPath path, bool isUpgrade)
    {
        var call = inner.Start(context, caller, path, isUpgrade);
        var method = context.Request.Method;
        if (!HttpMethods.IsPost(method) || !EndpointMatcher.Find(method, isUpgrade, path.Value, out var deployment).ReadsRequest)
        {
            return call;
        }

        // The caller's own key is not in Caller where its header travels on as it is.
        var secret = !caller.UsesOperatorKey && RequestCredential.TryFind(context.Request, out var key, out _, out _) ? key.ToString() : null;
        var head = new LoggedHead(time.GetUtcNow().ToUnixTimeMilliseconds(), caller.KeyId, secret, method, path.Value, deployment);
        return new LoggedCall(call, this, head, context.RequestAborted);
    }

    public override HttpMessageHandler Wrap(HttpMessageHandler upstream) => inner.Wrap(upstream);

    public override Task WhenDrained() => inner.WhenDrained();

    /// <summary>Takes a call that is over.</summary>
    public void Add(LoggedEntry entry) => queue.Add(entry);
}

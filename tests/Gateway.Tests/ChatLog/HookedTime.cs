namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>A clock that does something when it is read: what has one for itself can be made to fail, or to hang.</summary>
internal sealed class HookedTime(Action read) : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        read();
        return base.GetUtcNow();
    }
}

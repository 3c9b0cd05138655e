using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>The rules of access in force. They are replaced as a whole while requests come in; nobody waits for a lock.</summary>
internal sealed class AccessRules(AccessSettings settings, OpenAISettings openAI)
{
    private volatile AccessSnapshot _current = new(settings, openAI);

    /// <summary>Called with the next rules before they are in force.</summary>
    public event Action<AccessSnapshot>? Changing;

    /// <summary>The rules for a request that begins now.</summary>
    public AccessSnapshot Current => _current;

    /// <summary>Puts other rules in force. One at a time.</summary>
    public void Replace(AccessSettings next)
    {
        var snapshot = _current.With(next);
        Changing?.Invoke(snapshot);
        _current = snapshot;
    }
}

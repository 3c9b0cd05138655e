using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>The rules of access in force. They are replaced as a whole while requests come in; nobody waits for a lock.</summary>
internal sealed class AccessRules(AccessSettings settings, OpenAISettings openAI)
{
    private readonly Lock _changing = new();
    private volatile AccessSnapshot _current = new(settings, openAI);

    /// <summary>Called with the next rules before they are in force.</summary>
    public event Action<AccessSnapshot>? Changing;

    /// <summary>The rules for a request that begins now.</summary>
    public AccessSnapshot Current => _current;

    /// <summary>Puts other settings in force. The keys that the billing service keeps stay.</summary>
    public void Replace(AccessSettings next) => Replace(current => current.With(next));

    /// <summary>Puts the access keys in force that the billing service keeps, in place of those before. The settings stay.</summary>
    public void ReplaceManaged(IReadOnlyList<AccessKey> keys) => Replace(current => current.WithManaged(keys));

    private void Replace(Func<AccessSnapshot, AccessSnapshot> change)
    {
        lock (_changing)
        {
            var snapshot = change(_current);
            Changing?.Invoke(snapshot);
            _current = snapshot;
        }
    }
}

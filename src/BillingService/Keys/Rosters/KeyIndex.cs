using System.Collections.Frozen;

namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary>What is known of all access keys as of one moment.</summary>
/// <param name="keys">The keys, each once.</param>
/// <param name="common">What gateways' settings say for all keys.</param>
internal sealed class KeyIndex(IReadOnlyCollection<KeyFacts> keys, SharedBudgets common)
{
    private readonly FrozenDictionary<string, KeyFacts> _byId = keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<KeyFacts> Keys => keys;

    /// <summary>What is spent together.</summary>
    public SharedBudgets Shared => common;

    /// <summary>The key with this id; null if nothing is known of it.</summary>
    public KeyFacts? Find(string id) => _byId.GetValueOrDefault(id);
}

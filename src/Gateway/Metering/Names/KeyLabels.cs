using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Metering.Names;

/// <summary>What people see of keys instead of their ids: names from the settings, and the last characters.</summary>
internal sealed class KeyLabels(AccessRules rules, RecordNames names)
{
    private readonly OfAccessRules<Dictionary<string, KeyLabel>> _accessKeys = new(rules, access => access.KnownKeys
        .Select(key => new KeyLabel(KeyId.Of(key.Key).Value, key.Name, KeyLabel.EndingOf(key.Key).ToString())).ToDictionary(label => label.Key));

    /// <summary>What is known of the key with this id; null if nothing is.</summary>
    public KeyLabel? Find(string id)
    {
        if (_accessKeys.Value.TryGetValue(id, out var label))
        {
            return label;
        }

        return names.EndingOf(id)?.ToString() is { Length: > 0 } ending ? new KeyLabel(id, "", ending) : null;
    }
}

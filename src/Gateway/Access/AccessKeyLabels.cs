using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Access;

/// <summary>What people see of access keys instead of their ids: names from the settings and the billing service, and the last characters.</summary>
internal sealed class AccessKeyLabels(AccessRules rules)
{
    private readonly OfAccessRules<Dictionary<string, KeyLabel>> _labels = new(rules, access => access.KnownKeys
        .Select(key => new KeyLabel(key.Id, key.Name, key.Record.Secrets is [.., var newest] ? newest.Ending : "")).ToDictionary(label => label.Key));

    /// <summary>That of the access key with this id; null if there is none.</summary>
    public KeyLabel? Find(string id) => _labels.Value.GetValueOrDefault(id);
}

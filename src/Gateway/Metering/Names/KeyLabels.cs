using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Metering.Names;

/// <summary>What people see of keys instead of their ids: names from the settings, and the last characters.</summary>
internal sealed class KeyLabels(AccessKeyLabels accessKeys, RecordNames names)
{
    /// <summary>What is known of the key with this id; null if nothing is.</summary>
    public KeyLabel? Find(string id)
    {
        if (accessKeys.Find(id) is { } label)
        {
            return label;
        }

        return names.EndingOf(id)?.ToString() is { Length: > 0 } ending ? new KeyLabel(id, "", ending) : null;
    }
}

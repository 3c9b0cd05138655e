using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Tests.Rosters;

/// <summary>What gateways' settings say of keys.</summary>
internal static class Rosters
{
    /// <summary>Settings that say nothing for all keys.</summary>
    public static RosterCommon Common { get; } = new("", new Dictionary<string, string>(), "", "UTC", "50 80 100", null);

    public static KeyRoster Of(params RosterKey[] keys) => new(keys, Common);

    /// <summary>The access key with this secret.</summary>
    public static RosterKey Key(string secret, string name = "", string owner = "", string team = "", string budgets = "", string alertAt = "")
        => new(KeyId.Of(secret).Value, name, owner, team, budgets, alertAt, null);
}

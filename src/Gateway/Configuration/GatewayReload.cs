using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration.Reload;

namespace OpenAIProxy.Gateway.Configuration;

/// <summary>Reads the settings of a running gateway once more.</summary>
internal static class GatewayReload
{
    /// <summary>Reads and checks all of them.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="started">What the gateway was started with.</param>
    /// <param name="addresses">Where it listens.</param>
    /// <param name="rules">The rules to replace.</param>
    /// <param name="limits">The limits to replace.</param>
    /// <param name="budgets">The budgets to replace.</param>
    /// <exception cref="SettingsException">They can't be used.</exception>
    public static SettingsRead Read(
        string[] args, GatewaySettings started, ListenAddresses addresses, AccessRules rules, LimitTable limits, BudgetRules budgets)
    {
        var builder = GatewayBuilder.Create(args, out _);
        // Once more with what is as it was until a restart: keys taken away by a file that also says to listen to this machine alone would open
        // a gateway that still listens to everybody.
        var reader = new SettingsReader(builder.Configuration, GatewaySettings.All);
        var access = AccessSettings.Read(reader, started.OpenAI, started.Billing.KeepsKeys, addresses.AreLoopback, addresses.ToString());
        var nextLimits = LimitSettings.Read(reader, access, started.Metering.IsOn);
        var nextBudgets = BudgetSettings.Read(reader, access, started.Metering.IsOn);
        try
        {
            reader.ThrowIfInvalid();
        }
        catch (SettingsException e)
        {
            throw new SettingsException([.. e.Errors.Select(error => $"With the addresses and OpenAI:ApiKey of the start, until a restart: {error}")]);
        }

        // Whoever brings the managed keys was started, or not, with the gateway.
        access = access with { HasManagedKeys = started.Access.HasManagedKeys };
        return new SettingsRead(builder.Configuration, () =>
        {
            // The limits first: a new key is under them from its first call on.
            limits.Replace(nextLimits);
            budgets.Replace(nextBudgets);
            rules.Replace(access);
        });
    }
}

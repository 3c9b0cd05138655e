using System.Text.Json;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;

namespace OpenAIProxy.Gateway.Keys;

/// <summary>What the settings say of access keys and budgets, as it is told to the billing service.</summary>
/// <param name="Json">The <see cref="KeyRoster"/>.</param>
/// <param name="Mark">Its mark.</param>
internal sealed record Roster(byte[] Json, string Mark)
{
    /// <summary>That of the settings in force. Equal settings make equal bytes, at whatever gateway.</summary>
    public static Roster Of(AccessSettings access, BudgetSettings budgets, LimitSettings limits)
    {
        var keys = access.Keys.Select(key => key.Record).OrderBy(key => key.Id, StringComparer.Ordinal).Select(key => new RosterKey(
            key.Id, key.Name, key.Owner, key.Team, key.Budgets, key.AlertAt, Told(key.Limits)));
        var teams = budgets.Teams.OrderBy(team => team.Key, StringComparer.Ordinal).ToDictionary(team => team.Key, team => Budget.Write(team.Value));
        var common = new RosterCommon(
            Budget.Write(budgets.Keys), teams, Budget.Write(budgets.Total), budgets.Zone.Id, AlertLevels.Write(budgets.AlertAt), Told(limits.Keys));
        var json = JsonSerializer.SerializeToUtf8Bytes(new KeyRoster([.. keys], common), ContractsJson.Default.KeyRoster);
        return new Roster(json, KeyRoster.MarkOf(json));
    }

    private static KeyLimits? Told(KeyLimits limits) => limits == KeyLimits.None ? null : limits;
}

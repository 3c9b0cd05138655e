using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>What may be spent with the operator's key, besides what access keys say themselves.</summary>
/// <param name="Keys">By each access key that has no budgets of its own.</param>
/// <param name="Teams">By the keys of a team together, by its name.</param>
/// <param name="Total">By all together.</param>
/// <param name="Zone">Where days, weeks and months begin.</param>
/// <param name="AlertAt">At which percents webhooks are told.</param>
/// <param name="AllowsUnpriced">True if keys with a budget may use models that have no price.</param>
public sealed record BudgetSettings(
    IReadOnlyList<Budget> Keys, IReadOnlyDictionary<string, IReadOnlyList<Budget>> Teams, IReadOnlyList<Budget> Total, TimeZoneInfo Zone,
    IReadOnlyList<int> AlertAt, bool AllowsUnpriced)
{
    private static readonly TextSetting KeysSetting = Amounts("Budgets:Keys", "What each access key may spend that has no Budgets of its own.");
    private static readonly TextSetting TotalSetting = Amounts("Budgets:Total", "What all callers who use the operator's key may spend together.");
    private static readonly ListSetting TeamsSetting = new("Budgets:Teams", $"a name for each team, as in Budgets:Teams:research, and {Budget.Notation}",
        "What the access keys of a team may spend together.")
    { IsNamed = true, Reloads = true };
    private static readonly TextSetting ZoneSetting = new("Budgets:TimeZone", "the IANA name of a time zone, such as Asia/Shanghai or UTC",
        "Where the days, weeks (from Monday) and months of budgets begin.", IsZone)
    { Default = "UTC", Reloads = true };
    private static readonly ChoiceSetting<bool> UnpricedSetting = new("Budgets:Unpriced",
        "Whether callers with a budget may use models that have no price, whose cost nobody knows.",
        ("Refuse", false, "403 model_unpriced"), ("Allow", true, null))
    { Reloads = true };

    private static readonly TextSetting AlertAtSetting = new("Budgets:AlertAt", AlertLevels.Notation,
        "At which parts of a budget webhooks are told (Alerts:Webhooks), unless a key says it itself.", text => AlertLevels.TryParse(text, out _))
    { Default = UsualAlerts, Reloads = true };

    private const string UsualAlerts = "50,80,100";

    internal static IReadOnlyList<Setting> All { get; } = [KeysSetting, TeamsSetting, TotalSetting, ZoneSetting, UnpricedSetting, AlertAtSetting];

    /// <summary>True if there is a budget that holds for others than single keys.</summary>
    public bool HasAny => Keys.Count > 0 || Teams.Count > 0 || Total.Count > 0;

    /// <param name="reader">The settings.</param>
    /// <param name="access">The keys, of which some have budgets.</param>
    /// <param name="isMetered">True if usage is counted.</param>
    internal static BudgetSettings Read(SettingsReader reader, AccessSettings access, bool isMetered)
    {
        var teams = new Dictionary<string, IReadOnlyList<Budget>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in reader.Named(TeamsSetting))
        {
            if (AccessKeyFields.IsName(name) && Budget.TryParse(text, out var budgets))
            {
                teams[name] = budgets;
            }
            else
            {
                reader.AddError($"{TeamsSetting.Name}:{name} is '{text}'; allowed: {TeamsSetting.Allowed}.");
            }
        }

        var zone = reader.Get(ZoneSetting);
        var settings = new BudgetSettings(
            Of(reader.Get(KeysSetting)), teams, Of(reader.Get(TotalSetting)),
            zone is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(zone),
            Levels(reader.Get(AlertAtSetting) ?? UsualAlerts), reader.Get(UnpricedSetting));
        if (!isMetered && (settings.HasAny || access.Keys.Any(key => key.Record.Budgets.Length > 0)))
        {
            reader.AddError("There are budgets (Budgets:*, or Budgets of Access:Keys), but usage is not counted, and nobody knows what is spent: a billing "
                + "service is needed (services:billing, and Metering:Enabled not false).");
        }

        return settings;
    }

    private static TextSetting Amounts(string name, string meaning)
        => new(name, Budget.Notation, meaning, text => Budget.TryParse(text, out _)) { Reloads = true };

    private static IReadOnlyList<Budget> Of(string? text) => text is not null && Budget.TryParse(text, out var budgets) ? budgets : [];

    private static IReadOnlyList<int> Levels(string text) => AlertLevels.TryParse(text, out var levels) ? levels : [];

    // An address of a file is none.
    private static bool IsZone(string text) => text[0] is not ('/' or '.') && TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && zone.HasIanaId;
}

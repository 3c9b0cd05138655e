namespace OpenAIProxy.Contracts.Keys;

/// <summary>What a gateway's settings say for all keys, those made at run time included.</summary>
/// <param name="Budgets">What each key may spend that says nothing itself, in the notation of <see cref="Budget"/>; empty for no bound.</param>
/// <param name="Teams">What the keys of a team may spend together, by the team's name.</param>
/// <param name="Total">What all who use the operator's key may spend together; empty for no bound.</param>
/// <param name="TimeZone">The IANA name of the time zone in which budgets begin anew.</param>
/// <param name="AlertAt">At which percents of a budget somebody is told, in the notation of <see cref="AlertLevels"/>.</param>
/// <param name="Limits">How much each key may do in a time, where it has no limit of that kind of its own; null for no such limits.</param>
public sealed record RosterCommon(
    string Budgets, IReadOnlyDictionary<string, string> Teams, string Total, string TimeZone, string AlertAt, KeyLimits? Limits);

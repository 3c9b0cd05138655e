namespace OpenAIProxy.BillingService.Reports;

/// <summary>The same usage by key, by team and by owner.</summary>
/// <param name="Keys">The dearest keys.</param>
/// <param name="Teams">The dearest teams; null if no key has one.</param>
/// <param name="Owners">The dearest owners; null if no key has one.</param>
internal sealed record KeyRankings(Ranking Keys, Ranking? Teams, Ranking? Owners);

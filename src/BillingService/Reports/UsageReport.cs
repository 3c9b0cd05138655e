namespace OpenAIProxy.BillingService.Reports;

/// <summary>A caller's usage, or that of all.</summary>
/// <param name="Start">The first UTC day.</param>
/// <param name="End">The day after the last.</param>
/// <param name="Rows">By day, then model, endpoint, key, end user, team, owner. Days without usage have no row.</param>
/// <param name="Total">All of it.</param>
internal sealed record UsageReport(DateOnly Start, DateOnly End, IReadOnlyList<UsageReportRow> Rows, UsageFigures Total);

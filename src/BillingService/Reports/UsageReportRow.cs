namespace OpenAIProxy.BillingService.Reports;

/// <summary>One row of a report; what it is not grouped by is null.</summary>
internal sealed record UsageReportRow(DateOnly? Day, string? Model, string? Endpoint, string? Key, UsageFigures Figures);

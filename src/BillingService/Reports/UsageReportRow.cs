namespace OpenAIProxy.BillingService.Reports;

/// <summary>One row of a report; what it is not grouped by is null.</summary>
internal sealed record UsageReportRow(DateOnly? Day, string? Model, string? Endpoint, string? Key, UsageFigures Figures)
{
    /// <summary>What the operator calls the key; null if it has no name, or the report is not by key.</summary>
    public string? KeyName { get; init; }

    /// <summary>Who used it below the key, empty for what was told of nobody; null if the report is not by end user.</summary>
    public string? EndUser { get; init; }
}

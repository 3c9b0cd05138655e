namespace OpenAIProxy.BillingService.Reports;

/// <summary>One row of a report; what it is not grouped by is null.</summary>
internal sealed record UsageReportRow(DateOnly? Day, string? Model, string? Endpoint, string? Key, UsageFigures Figures)
{
    /// <summary>What the operator calls the key; null if it has no name, or the report is not by key.</summary>
    public string? KeyName { get; init; }

    /// <summary>Who used it below the key, empty for what was told of nobody; null if the report is not by end user.</summary>
    public string? EndUser { get; init; }

    /// <summary>The team of the key, empty for none; null if the report is not by team.</summary>
    public string? Team { get; init; }

    /// <summary>The owner of the key, empty for nobody; null if the report is not by owner.</summary>
    public string? Owner { get; init; }
}

namespace OpenAIProxy.BillingService.Reports;

/// <summary>The form of a report.</summary>
internal enum ReportFormat
{
    Json,

    /// <summary>RFC 4180, with our own columns.</summary>
    Csv,

    /// <summary>FOCUS 1.2, as CSV.</summary>
    Focus,
}

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Registers the reports.</summary>
internal static class ReportExtensions
{
    public static void AddReports(this IServiceCollection services)
    {
    }
}

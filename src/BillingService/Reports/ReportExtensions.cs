using OpenAIProxy.BillingService.Configuration;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Registers the reports.</summary>
internal static class ReportExtensions
{
    /// <summary>Adds <see cref="IUsageReports"/> and the price book, which the settings have read.</summary>
    public static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<BillingSettings>().Prices);
        services.AddSingleton<IUsageReports, UsageReports>();
        services.AddSingleton<ReportAnswers>();
    }
}

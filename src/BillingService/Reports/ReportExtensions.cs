namespace OpenAIProxy.BillingService.Reports;

internal static class ReportExtensions
{
    /// <summary>Adds <see cref="UsageReports"/> and the prices, which the settings have read and which follow their file from then on.</summary>
    public static void AddReports(this IServiceCollection services, PriceSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<PricesInForce>();
        services.AddHostedService<PriceWatch>();
        services.AddSingleton<UsageReports>();
        services.AddSingleton<ReportAnswers>();
    }
}

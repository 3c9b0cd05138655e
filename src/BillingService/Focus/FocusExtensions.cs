namespace OpenAIProxy.BillingService.Focus;

internal static class FocusExtensions
{
    public static void AddFocus(this IServiceCollection services)
    {
        services.AddSingleton<FocusReports>();
        services.AddSingleton<FocusAnswers>();
    }
}

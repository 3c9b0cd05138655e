using OpenAIProxy.BillingService.Pages.SignIn;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Registers the usage page.</summary>
internal static class PageExtensions
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddSingleton<Seal>();
        services.AddSingleton<SignInCookie>();
        services.AddSingleton<PageWriter>();
        services.AddSingleton<PageEndpoints>();
        services.AddSingleton<UsagePageBuilder>();
        services.AddSingleton<UsagePages>();
    }

    public static void MapPages(this WebApplication app) => app.Services.GetRequiredService<PageEndpoints>().Map(app);
}

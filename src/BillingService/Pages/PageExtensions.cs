namespace OpenAIProxy.BillingService.Pages;

/// <summary>Registers the usage page.</summary>
internal static class PageExtensions
{
    public static void AddPages(this IServiceCollection services)
    {
    }

    public static void MapPages(this WebApplication app)
    {
    }
}

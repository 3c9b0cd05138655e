using OpenAIProxy.BillingService.SignIn.Oidc;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The routes under <c>/usage</c>.</summary>
internal static class PageEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers the pages.</summary>
    /// <param name="services">Where.</param>
    /// <param name="hasProvider">True if people sign in by an identity provider.</param>
    public static void AddPages(this IServiceCollection services, bool hasProvider)
    {
        if (hasProvider)
        {
            services.AddSingleton<ProviderPages>();
        }

        services.AddSingleton<PageWriter>();
        services.AddSingleton<PageFailures>();
        services.AddSingleton<UsagePageBuilder>();
        services.AddSingleton<UsagePages>();
        services.AddSingleton<LivePages>();
        services.AddSingleton<KeyPages>();
    }

    /// <summary>Maps signing in by the identity provider. Only where there is one.</summary>
    public static void MapProviderSignIn(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AddEndpointFilter<PageFilter>();
        group.MapGet(ProviderPages.Path, (HttpContext context, ProviderPages pages) => pages.BeginAsync(context));
        group.MapGet(OidcFlow.CallbackPath, (HttpContext context, ProviderPages pages) => pages.FinishAsync(context));
    }

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/usage").AddEndpointFilter<PageFilter>();
        group.MapMethods("", Reading, (HttpContext context, UsagePages pages) => pages.ShowAsync(context));
        group.MapMethods("/live", Reading, (HttpContext context, LivePages pages) => pages.ShowAsync(context));
        group.MapMethods("/focus.csv", Reading, (HttpContext context, UsagePages pages) => pages.ExportFocusAsync(context));
        group.MapMethods("/export.csv", Reading, (HttpContext context, UsagePages pages) => pages.ExportAsync(context));
        group.MapMethods("/keys", Reading, (HttpContext context, KeyPages pages) => pages.ShowAsync(context, null));
        group.MapPost("/keys", (HttpContext context, KeyPages pages) => pages.CreateAsync(context));
        group.MapMethods("/keys/{id}", Reading, (HttpContext context, KeyPages pages, string id) => pages.ShowAsync(context, id));
        group.MapPost("/keys/{id}", (HttpContext context, KeyPages pages, string id) => pages.UpdateAsync(context, id));
        group.MapPost("/keys/{id}/rotate", (HttpContext context, KeyPages pages, string id) => pages.RotateAsync(context, id));
        group.MapPost("/keys/{id}/revoke", (HttpContext context, KeyPages pages, string id) => pages.RevokeAsync(context, id));
        group.MapPost("/sign-in", (HttpContext context, UsagePages pages) => pages.SignInAsync(context));
        group.MapPost("/sign-out", (HttpContext context, UsagePages pages) => pages.SignOutAsync(context));
        // Also for the methods that the others don't take.
        group.Map("/{**rest}", (HttpContext context, UsagePages pages) => pages.NotFoundAsync(context));
    }
}

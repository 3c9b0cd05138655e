namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>The routes of the admin API.</summary>
internal static class AdminRoutes
{
    public const string Keys = "/admin/keys";
    public const string Audit = "/admin/audit";
    public const string Document = "/openapi/admin.json";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void AddKeyAdmin(this IServiceCollection services)
    {
        services.AddSingleton(AdminActor.Api);
        services.AddSingleton<AdminDoor>();
        services.AddSingleton<AdminApi>();
    }

    public static void MapKeyAdmin(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/admin").AddEndpointFilter<AdminFilter>();
        group.MapMethods("/keys", Reading, (HttpContext context, AdminApi api) => api.ListAsync(context));
        group.MapPost("/keys", (HttpContext context, AdminApi api) => api.CreateAsync(context));
        group.MapMethods("/keys/{id}", Reading, (HttpContext context, AdminApi api, string id) => api.ShowAsync(context, id));
        group.MapPatch("/keys/{id}", (HttpContext context, AdminApi api, string id) => api.UpdateAsync(context, id));
        group.MapDelete("/keys/{id}", (HttpContext context, AdminApi api, string id) => api.DeleteAsync(context, id));
        group.MapPost("/keys/{id}/rotate", (HttpContext context, AdminApi api, string id) => api.RotateAsync(context, id));
        group.MapPost("/keys/{id}/revoke", (HttpContext context, AdminApi api, string id) => api.RevokeAsync(context, id));
        group.MapMethods("/audit", Reading, (HttpContext context, AdminApi api) => api.AuditAsync(context));
        // Also for the methods that the others don't take.
        group.Map("/{**rest}", object (HttpContext context) => AdminApi.NoSuchUrl(context));
        routes.MapMethods(Document, Reading, () => new JsonAnswer(StatusCodes.Status200OK, AdminDocument.Bytes));
    }
}

using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Rosters;

internal static class RosterExtensions
{
    /// <summary>Registers what is known of keys, whoever keeps them. Needs <see cref="KeyStore"/>.</summary>
    public static void AddKeyRosters(this IServiceCollection services)
    {
        services.AddSingleton<RosterStore>();
        services.AddSingleton<RosterEndpoint>();
        services.AddSingleton<KeyDirectory>();
        services.AddSingleton<IConfiguredKeys>(s => s.GetRequiredService<KeyDirectory>());
        services.AddSingleton<IKeyOwners>(s => s.GetRequiredService<KeyDirectory>());
    }

    /// <summary>Maps <c>/internal/keys/configured</c>. Whoever maps it says who may call it.</summary>
    public static IEndpointConventionBuilder MapKeyRosters(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        group.MapGet(KeyRoster.Path, (HttpContext context, RosterEndpoint rosters) => rosters.GetAsync(context));
        group.MapPut(KeyRoster.Path, (HttpContext context, RosterEndpoint rosters) => rosters.PutAsync(context));
        return group;
    }
}

namespace OpenAIProxy.Gateway.Keys;

/// <summary>Registers what brings managed keys here, if they are on.</summary>
internal static class ManagedKeyExtensions
{
    public static void AddManagedKeys(this IServiceCollection services, ManagedKeySettings settings)
    {
        if (settings.IsOn)
        {
            services.AddSingleton(settings);
            services.AddSingleton<SnapshotClient>();
            services.AddHostedService<ManagedKeys>();
        }
    }
}

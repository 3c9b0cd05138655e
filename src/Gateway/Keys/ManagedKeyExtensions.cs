namespace OpenAIProxy.Gateway.Keys;

/// <summary>Registers what brings managed keys here, and what tells of the others.</summary>
internal static class ManagedKeyExtensions
{
    /// <summary>Registers what brings managed keys here, if they are on.</summary>
    public static void AddManagedKeys(this IServiceCollection services, ManagedKeySettings settings)
    {
        if (settings.IsOn)
        {
            services.AddSingleton(settings);
            services.AddSingleton<SnapshotClient>();
            services.AddHostedService<ManagedKeys>();
        }
    }

    /// <summary>Registers what tells the billing service of the keys of the settings, where that service is told usage.</summary>
    public static void AddRoster(this IServiceCollection services, bool isMetered)
    {
        if (isMetered)
        {
            services.AddHostedService<RosterTeller>();
        }
    }
}

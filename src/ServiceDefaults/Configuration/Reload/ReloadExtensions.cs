using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>Registers the reload of settings.</summary>
public static class ReloadExtensions
{
    /// <summary>Lets settings change while the service runs. To be called when its configuration has been read, before anything adds to it.</summary>
    /// <param name="builder">The service's.</param>
    /// <param name="known">Every setting of the service.</param>
    /// <param name="read">Reads and checks everything once more, as at the start.</param>
    /// <exception cref="SettingsException">A log level is none.</exception>
    public static void AddSettingsReload(this WebApplicationBuilder builder, IReadOnlyList<Setting> known, Func<SettingsRead> read)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var levels = new LogLevels();
        builder.Services.AddSingleton(new SettingsPart(known, builder.Configuration, levels, read));
        ((IConfigurationBuilder)builder.Configuration).Add(levels);
        builder.Services.AddSingleton<SettingsReload>();
        builder.Services.AddHostedService<SettingsWatch>();
        builder.Services.AddHealthChecks().AddCheck<SettingsCheck>("settings");
    }

    /// <summary>Leaves looking at files and signals to another service in this process.</summary>
    internal static void LeaveReloadToOther(this IServiceCollection services)
    {
        foreach (var watch in services.Where(service => service.ImplementationType == typeof(SettingsWatch)).ToArray())
        {
            services.Remove(watch);
        }
    }
}

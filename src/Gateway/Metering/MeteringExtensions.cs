using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Metering.Draining;
using OpenAIProxy.Gateway.Metering.Names;
using OpenAIProxy.Gateway.Metering.Telemetry;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>Registers the services of metering, if there is a billing service to tell.</summary>
internal static class MeteringExtensions
{
    public static void AddMetering(this IServiceCollection services, MeteringSettings settings)
    {
        if (settings.IsOn)
        {
            services.AddSingleton(settings);
            services.AddJournal();
            services.AddSingleton(provider => new RecordNames(
                PriceBook.BuiltIn.Knows,
                provider.GetRequiredService<TimeProvider>(),
                settings.NewNamesPerDay,
                settings.NewKeysPerDay,
                provider.GetRequiredService<ILogger<RecordNames>>()));
            services.TryAddSingleton<AccessKeyLabels>();
            services.AddSingleton<KeyLabels>();
            services.AddSingleton(provider => new EndUserNames(
                settings.EndUsers, settings.EndUserHeaders, settings.NewNamesPerDay, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<UsageTelemetry>();
            services.AddSingleton<Drains>();
            services.AddSingleton<UsageOptionSupport>();
            services.AddSingleton<CallMeters>();
            services.AddSingleton<CallObservers>(provider => provider.GetRequiredService<CallMeters>());
        }
    }
}

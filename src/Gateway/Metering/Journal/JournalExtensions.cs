using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Metering.Shipping;

namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>Registers the journal and what ships it.</summary>
internal static class JournalExtensions
{
    public static void AddJournal(this IServiceCollection services)
    {
        services.AddSingleton(s => Options(s.GetRequiredService<GatewaySettings>().Metering));
        services.AddSingleton<JournalTelemetry>();
        services.AddSingleton<ReadySegments>();
        services.AddSingleton<UsageJournal>();
        services.AddSingleton<JournalKeeper>();
        services.AddSingleton<BatchSender>();
        services.AddSingleton<SegmentShipper>();
        services.AddSingleton<MemoryShipper>();
        services.AddSingleton<JournalService>();
        services.AddSingleton<IUsageJournal>(s => s.GetRequiredService<UsageJournal>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<JournalService>());
        services.AddHealthChecks().AddCheck<JournalHealth>("journal");
    }

    private static JournalOptions Options(MeteringSettings settings) => new(settings.JournalDirectory) { RefusesCalls = settings.RequireJournal };
}

using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Metering.Shipping;

namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>Registers the journal and what ships it; where metering is off, one that forgets.</summary>
internal static class JournalExtensions
{
    public static void AddJournal(this IServiceCollection services)
    {
        services.AddSingleton(s => new JournalOptions(s.GetRequiredService<GatewaySettings>().Metering.JournalDirectory));
        services.AddSingleton<JournalTelemetry>();
        services.AddSingleton<ReadySegments>();
        services.AddSingleton<UsageJournal>();
        services.AddSingleton<JournalKeeper>();
        services.AddSingleton<BatchSender>();
        services.AddSingleton<SegmentShipper>();
        services.AddSingleton<MemoryShipper>();
        services.AddSingleton<JournalService>();
        services.AddSingleton<IUsageJournal>(s => IsOn(s) ? s.GetRequiredService<UsageJournal>() : new NoJournal());
        services.AddSingleton<IHostedService>(s => IsOn(s) ? s.GetRequiredService<JournalService>() : new NoService());
    }

    private static bool IsOn(IServiceProvider services) => services.GetRequiredService<GatewaySettings>().Metering.IsOn;

    private sealed class NoService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

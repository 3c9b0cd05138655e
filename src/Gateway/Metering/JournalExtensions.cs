using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Pricing;
using OpenAIProxy.UsageJournal;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.Gateway.Metering;

internal static class JournalExtensions
{
    public static void AddJournal(this IServiceCollection services)
    {
        services.AddSingleton(s => Options(s.GetRequiredService<GatewaySettings>().Metering));
        services.AddSingleton<JournalTelemetry>();
        services.AddSingleton<ReadySegments>();
        services.AddSingleton<Journal>();
        services.AddSingleton<JournalKeeper>();
        services.AddSingleton(s => CreateSender(s.GetRequiredService<GatewaySettings>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IShippingObserver>(s => s.GetRequiredService<BillingState>());
        services.AddSingleton<SegmentShipper>();
        services.AddSingleton<MemoryShipper>();
        services.AddSingleton<JournalService>();
        services.AddSingleton<IUsageJournal>(s => s.GetRequiredService<Journal>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<JournalService>());
        services.AddHealthChecks().AddCheck<JournalHealth>("journal");
    }

    /// <summary>What posts batches to the billing service of these settings.</summary>
    public static BatchSender CreateSender(GatewaySettings settings, TimeProvider time)
        => new(settings.Billing, settings.Metering.InternalToken, BillingConnections.CreateUntraced(), time);

    private static JournalOptions Options(MeteringSettings settings) => new(settings.JournalDirectory)
    {
        RefusesCalls = settings.RequireJournal,
        IsListed = PriceBook.BuiltIn.Knows,
    };
}

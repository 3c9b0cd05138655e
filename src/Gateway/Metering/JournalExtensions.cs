using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Pricing;
using OpenAIProxy.UsageJournal;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.Gateway.Metering;

internal static class JournalExtensions
{
    public static void AddJournal(this IServiceCollection services)
    {
        services.AddSingleton(s => Options(s.GetRequiredService<MeteringSettings>()));
        services.AddSingleton<JournalTelemetry>();
        services.AddSingleton<ReadySegments>();
        services.AddSingleton<Journal>();
        services.AddSingleton<JournalKeeper>();
        services.AddSingleton(s => CreateSender(s.GetRequiredService<BillingServiceSettings>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IShippingObserver>(s => s.GetRequiredService<BillingState>());
        services.AddSingleton<SegmentShipper>();
        services.AddSingleton<MemoryShipper>();
        services.AddSingleton<JournalService>();
        services.AddSingleton<IUsageJournal>(s => s.GetRequiredService<Journal>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<JournalService>());
        services.AddHealthChecks().AddCheck<JournalHealth>("journal");
    }

    /// <summary>What posts batches to the billing service of the gateway.</summary>
    public static BatchSender CreateSender(BillingServiceSettings billing, TimeProvider time)
        => new(billing.Address, billing.Token, BillingConnections.CreateUntraced(), time);

    private static JournalOptions Options(MeteringSettings settings) => new(settings.JournalDirectory)
    {
        RefusesCalls = settings.RequireJournal,
        IsListed = PriceBook.BuiltIn.Knows,
    };
}

using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Metering.Names;
using OpenAIProxy.Pricing;
using OpenAIProxy.ServiceDefaults.Http;
using OpenAIProxy.UsageJournal;
using OpenAIProxy.UsageJournal.Keeping;
using OpenAIProxy.UsageJournal.Segments;
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
        services.AddSingleton(s => CreateSender(
            s.GetRequiredService<BillingServiceSettings>(), s.GetRequiredService<BillingDial>(), s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<KeyLabels>().Find));
        services.AddSingleton<IShippingObserver>(s => s.GetRequiredService<BillingState>());
        services.AddSingleton<SegmentShipper>();
        services.AddSingleton<MemoryShipper>();
        services.AddSingleton<JournalService>();
        services.AddSingleton<IUsageJournal>(s => s.GetRequiredService<Journal>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<JournalService>());
        services.AddHealthChecks().AddCheck<JournalHealth>("journal");
    }

    /// <summary>What posts batches to the billing service of the gateway.</summary>
    /// <param name="billing">Where it is.</param>
    /// <param name="dial">How to connect to it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="labelOf">What is known of a key, by its id.</param>
    public static BatchSender CreateSender(BillingServiceSettings billing, BillingDial dial, TimeProvider time, Func<string, KeyLabel?> labelOf)
        => new(billing.Address, billing.Token, BillingConnections.CreateUntraced(dial), time)
        {
            LabelOf = labelOf,
            Describe = ConnectionFailure.Describe,
        };

    private static JournalOptions Options(MeteringSettings settings) => new(settings.JournalDirectory)
    {
        RefusesCalls = settings.RequireJournal,
        IsListed = PriceBook.BuiltIn.Knows,
    };
}

using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.BillingService.Ledger.Ingest;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Registers the ledger.</summary>
internal static class LedgerExtensions
{
    public static void AddLedger(this IServiceCollection services)
    {
        services.AddSingleton<ILedgerDatabase>(provider => provider.GetRequiredService<BillingSettings>().Ledger switch
        {
            { ConnectionString: { } connection } => new PostgresDatabase(connection),
            var ledger => new SqliteDatabase(ledger.File),
        });
        services.AddSingleton<LedgerState>();
        services.AddSingleton<IUsageLedger, UsageLedger>();
        services.AddSingleton<LedgerUpkeep>();
        services.AddHostedService<LedgerStart>();
        services.AddSingleton<IngestEndpoint>();
        services.AddHealthChecks().AddCheck<LedgerHealth>("ledger");
    }

    /// <summary>Where gateways report usage.</summary>
    public static void MapLedger(this IEndpointRouteBuilder routes)
        => routes.MapPost(UsageBatch.Path, routes.ServiceProvider.GetRequiredService<IngestEndpoint>().PostAsync);
}

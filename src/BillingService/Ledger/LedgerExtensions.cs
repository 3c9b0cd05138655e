namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Registers the ledger.</summary>
internal static class LedgerExtensions
{
    public static void AddLedger(this IServiceCollection services)
    {
    }

    /// <summary>Where gateways report usage.</summary>
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
    }
}

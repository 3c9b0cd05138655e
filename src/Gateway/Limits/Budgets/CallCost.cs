using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>What a call costs, by the prices in force: as the ledger will price it, and before it is made.</summary>
internal static class CallCost
{
    private const decimal MicroDollarsOfDollar = 1_000_000m;

    /// <summary>
    /// Micro-dollars, rounded up. Without what counts once however often it is told, such as a background response that is polled: only the ledger
    /// knows whether it was counted.
    /// </summary>
    public static long Of(UsageRecord record, PriceBook book)
    {
        var cost = Cost.Free;
        foreach (var line in record.Lines)
        {
            if (line.Once is null)
            {
                cost += book.Price(BatchBuilder.Dimensions(record, line), line.Counts);
            }
        }

        return ToMicroDollars(cost.Dollars);
    }

    /// <summary>What a call may cost.</summary>
    /// <param name="endpoint">What is called.</param>
    /// <param name="facts">What the request says.</param>
    /// <param name="line">What it may use.</param>
    /// <param name="region">The region of the upstream's host.</param>
    /// <param name="now">The time.</param>
    /// <param name="book">The prices.</param>
    public static Cost Of(EndpointRow endpoint, RequestFacts facts, UsageLine line, string region, DateTimeOffset now, PriceBook book)
    {
        var record = new UsageRecord
        {
            Id = Guid.Empty,
            Started = now.ToUnixTimeMilliseconds(),
            Key = UsageDimensions.Anonymous,
            Endpoint = endpoint.Name,
            RequestedModel = facts.Model ?? "",
            Region = region,
            Lines = [line],
        };
        return book.Price(BatchBuilder.Dimensions(record, line), line.Counts);
    }

    /// <summary>Micro-dollars, rounded up.</summary>
    public static long ToMicroDollars(decimal dollars) => (long)decimal.Ceiling(dollars * MicroDollarsOfDollar);
}

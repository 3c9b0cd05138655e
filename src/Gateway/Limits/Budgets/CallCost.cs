using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>What a call costs, by the prices in force: as the ledger will price it, and before it is made.</summary>
internal static class CallCost
{
    private const decimal MicroDollarsOfDollar = 1_000_000m;
    private const long MillisecondsOfHour = 3_600_000;

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

    /// <summary>What a call may cost, in micro-dollars; null if its model has no price.</summary>
    /// <param name="model">The model asked for.</param>
    /// <param name="region">The region of the upstream's host.</param>
    /// <param name="input">Tokens of what is asked, estimated.</param>
    /// <param name="output">Tokens of what may be answered.</param>
    /// <param name="now">The time.</param>
    /// <param name="book">The prices.</param>
    public static long? Estimate(string model, string region, long input, long output, DateTimeOffset now, PriceBook book)
    {
        var hour = now.ToUnixTimeMilliseconds() / MillisecondsOfHour;
        var what = new UsageDimensions(
            hour, UsageDimensions.Anonymous, model, "", "", ServiceTier.Default, region, ContextSize.Of(input), UsageUnit.Tokens, Estimated: true);
        var cost = book.Price(what, new UsageCounts { Requests = 1, Input = Math.Max(1, input), Output = output });
        if (!cost.IsUnpriced)
        {
            return ToMicroDollars(cost.Dollars);
        }

        // Speech, images, video: by other units than tokens.
        return book.Find(model, DateOnly.FromDateTime(now.UtcDateTime)) is null ? null : ToMicroDollars(cost.Dollars);
    }

    private static long ToMicroDollars(decimal dollars) => (long)decimal.Ceiling(dollars * MicroDollarsOfDollar);
}

using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Tests;

/// <summary>Usage to be priced; by default on 2026-11-25, in the default tier.</summary>
internal static class Used
{
    public const int Million = 1_000_000;

    public static UsageDimensions What(
        string model, string day = "2026-11-25", string tier = ServiceTier.Default, int context = 0, string unit = UsageUnit.Tokens, string region = "",
        string asked = "") => new(Hour(day), UsageDimensions.Anonymous, model, asked, "chat", tier, region, context, unit, false);

    public static long Hour(string day) => (DateOnly.ParseExact(day, "yyyy-MM-dd").DayNumber - new DateOnly(1970, 1, 1).DayNumber) * 24L;

    public static UsageCounts Tokens(long input, long output = 0) => new() { Requests = 1, Input = input, Output = output };

    /// <summary>The cost of a million input tokens.</summary>
    public static Cost Input(this PriceBook book, string model, string day = "2026-11-25", string asked = "")
        => book.Price(What(model, day, asked: asked), Tokens(Million));

    public static void Is(decimal dollars, Cost cost) => Assert.Equal(new Cost(dollars, false), cost);
}

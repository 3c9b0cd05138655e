namespace OpenAIProxy.Pricing;

/// <summary>The price of what is billed otherwise than by tokens.</summary>
/// <param name="Unit">The unit by its name in a price file: <c>perMinute</c>, <c>per1MCharacters</c>, <c>perCall</c>, <c>perImage</c> …</param>
/// <param name="Size">The size or quality that it is the price of; <c>*</c> for all, empty where there are none.</param>
/// <param name="Dollars">US dollars per unit.</param>
public sealed record UnitPrice(string Unit, string Size, decimal Dollars)
{
    internal static IReadOnlyList<UnitPrice> Of(PriceRow row)
    {
        (string Unit, decimal? Price)[] plain =
        [
            ("perMinute", row.PerMinute), ("per1MCharacters", row.Per1MCharacters), ("perCall", row.PerCall), ("perCallReasoning", row.PerCallReasoning),
        ];
        (string Unit, IReadOnlyDictionary<string, decimal> Prices)[] sized =
        [
            ("perCallBySize", row.PerCallBySize), ("perImage", row.PerImage), ("perVideoSecond", row.PerVideoSecond), ("perSearchCall", row.PerSearchCall),
        ];
        return
        [
            .. plain.Where(p => p.Price is not null).Select(p => new UnitPrice(p.Unit, "", p.Price!.Value)),
            .. sized.SelectMany(s => s.Prices.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new UnitPrice(s.Unit, p.Key, p.Value))),
        ];
    }
}

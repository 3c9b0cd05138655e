using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>Writes the price of a model for programs. A price that is not known is left out, never 0.</summary>
internal static class PriceJson
{
    public static void Write(Utf8JsonWriter json, string asked, PriceDetails price)
    {
        json.WriteString("object", "price");
        json.WriteString("asked", asked);
        json.WriteString("model", price.Model);
        json.WriteString("kind", price.Kind);
        WriteDay(json, "from", price.From);
        WriteDay(json, "until", price.Until);
        WriteTiers(json, "usd_per_1m_tokens", price.Tokens);
        if (price.LongAbove is { } above)
        {
            json.WriteNumber("long_context_above", above);
            WriteTiers(json, "long_context_usd_per_1m_tokens", price.LongTokens);
        }

        json.WriteStartArray("units");
        foreach (var unit in price.Units)
        {
            json.WriteStartObject();
            json.WriteString("unit", unit.Unit);
            json.WriteString("size", unit.Size.Length > 0 ? unit.Size : null);
            json.WriteNumber("usd", unit.Dollars);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("regional_factor", price.RegionalFactor);
        WriteList(json, "unknown", price.Unknown);
        WriteList(json, "derived", price.Derived);
        WriteDay(json, "promotion_until", price.PromotionUntil);
        WriteDay(json, "shutdown", price.Shutdown);
        json.WriteString("note", price.Note);
        json.WriteString("source", price.Source);
        json.WriteString("confidence", price.Confidence);
        json.WriteBoolean("own", price.IsOwn);
    }

    private static void WriteTiers(Utf8JsonWriter json, string name, IReadOnlyList<TierPrices> tiers)
    {
        json.WriteStartObject(name);
        foreach (var tier in tiers)
        {
            json.WriteStartObject(tier.Tier);
            foreach (var (kind, dollars) in tier.Prices.All)
            {
                if (dollars is { } known)
                {
                    json.WriteNumber(kind, known);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteDay(Utf8JsonWriter json, string name, DateOnly? day) => json.WriteString(name, day is { } known ? DateRange.Text(known) : null);

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}

using System.Globalization;
using System.Text.Json;

namespace OpenAIProxy.BillingService.Answers;

/// <summary>Amounts of money in JSON: decimal from the first digit read to the last one written.</summary>
internal static class Money
{
    // What a double can be trusted with. Further digits are how 0.1 + 0.2 prints: 0.30000000000000004.
    private const int TrustedDigits = 15;
    private const decimal Largest = 1_000_000_000_000_000m;

    /// <summary>
    /// Reads a number, or a text that is one (organization costs come as either). Servers compute in binary: beyond 15 significant digits
    /// theirs are noise and are rounded away. Null if it is no amount.
    /// </summary>
    public static decimal? Read(JsonElement element)
    {
        var text = element.ValueKind switch
        {
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.String => element.GetString(),
            _ => null,
        };
        return decimal.TryParse(text, NumberStyles.Float & ~(NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite),
            CultureInfo.InvariantCulture, out var value) && decimal.Abs(value) < Largest
            ? WithoutNoise(value)
            : null;
    }

    public static decimal Dollars(decimal cents) => cents * 0.01m;

    public static decimal Cents(decimal dollars) => dollars * 100m;

    /// <summary>Dollars of micro-dollars.</summary>
    public static decimal OfMicroDollars(long microDollars) => microDollars * 0.000001m;

    /// <summary>Writes <paramref name="amount"/> with the digits it needs and no more: 0.3, not 0.30.</summary>
    public static void Write(Utf8JsonWriter json, string name, decimal amount)
    {
        json.WritePropertyName(name);
        json.WriteNumberValue(Shortest(amount));
    }

    /// <summary><paramref name="amount"/> without trailing zeros: 0.3, not 0.30.</summary>
    // Dividing by one with 28 zeros takes them away.
    public static decimal Shortest(decimal amount) => amount / 1.0000000000000000000000000000m;

    private static decimal WithoutNoise(decimal value)
    {
        var size = decimal.Abs(value);
        var decimals = TrustedDigits;
        for (; size >= 1m; size /= 10m)
        {
            decimals--;
        }

        for (; size is > 0m and < 0.1m; size *= 10m)
        {
            decimals++;
        }

        return decimal.Round(value, Math.Clamp(decimals, 0, 28));
    }
}

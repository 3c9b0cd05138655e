using System.Globalization;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>How many calls may be in progress at the same time.</summary>
/// <param name="Amount">Calls, 1 to <see cref="MostAmount"/>.</param>
/// <param name="IsShadow">True if it only counts what it would have refused.</param>
public sealed record ConcurrencyLimit(int Amount, bool IsShadow = false)
{
    /// <summary>The largest amount.</summary>
    public const int MostAmount = 1_000_000;

    /// <summary>How it is written, for messages.</summary>
    public const string Notation = "a whole number from 1 to 1000000, with ' shadow' behind it if it is only to be counted";

    /// <summary>Reads <c>5</c>; null for an empty text. False if it is neither.</summary>
    public static bool TryParse(string text, out ConcurrencyLimit? limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        limit = null;
        if (!LimitText.TryParseEach<ConcurrencyLimit>(text, TryParseOne, out var all) || all.Count > 1)
        {
            return false;
        }

        limit = all is [var one] ? one : null;
        return true;
    }

    private static bool TryParseOne(string text, bool isShadow, out ConcurrencyLimit limit)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && amount is >= 1 and <= MostAmount;
        limit = isNumber ? new ConcurrencyLimit(amount, isShadow) : null!;
        return isNumber;
    }
}

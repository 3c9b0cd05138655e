using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>An amount in any time of one length.</summary>
/// <param name="Amount">Calls or tokens, 1 to <see cref="MostAmount"/>.</param>
/// <param name="Window">The time, 1 second to 366 days. A month has 30 days.</param>
/// <param name="IsShadow">True if it only counts what it would have refused.</param>
public sealed record RateLimit(long Amount, TimeSpan Window, bool IsShadow = false)
{
    /// <summary>The largest amount.</summary>
    public const long MostAmount = 1_000_000_000_000_000;

    /// <summary>How it is written, for messages.</summary>
    public const string Notation =
        "amounts and times such as 60/minute;1000/day or 100 per 2 minutes (second, minute, hour, day, week, month), each with ' shadow' behind it "
        + "if it is only to be counted";

    private const int MostDays = 366;

    /// <summary>Reads <c>60/minute;1000/day</c>. False if that is not all that stands there.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<RateLimit>? limits)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LimitText.TryParseEach<RateLimit>(text, TryParseOne, out limits);
    }

    private static bool TryParseOne(string text, bool isShadow, out RateLimit limit)
    {
        limit = null!;
        if (!LimitText.TryCut(text, out var amountText, out var period) || !TryParseAmount(amountText, out var amount))
        {
            return false;
        }

        var digits = 0;
        while (digits < period.Length && char.IsAsciiDigit(period[digits]))
        {
            digits++;
        }

        var count = 1L;
        if ((digits > 0 && !long.TryParse(period.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out count))
            || SecondsOf(period[digits..].TrimStart()) is not { } seconds)
        {
            return false;
        }

        if (count is < 1 or > MostDays * 86_400L || count * seconds > MostDays * 86_400L)
        {
            return false;
        }

        limit = new RateLimit(amount, TimeSpan.FromSeconds(count * seconds), isShadow);
        return true;
    }

    // 60, 90k, 2M
    private static bool TryParseAmount(string text, out long amount)
    {
        var factor = text is [.., 'k' or 'K'] ? 1_000 : text is [.., 'm' or 'M'] ? 1_000_000 : 1;
        if (!long.TryParse(factor == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out amount)
            || amount is < 1 or > MostAmount || amount > MostAmount / factor)
        {
            return false;
        }

        amount *= factor;
        return true;
    }

    private static long? SecondsOf(string unit) => unit switch
    {
        "s" or "sec" or "second" or "seconds" => 1,
        "min" or "minute" or "minutes" => 60,
        "h" or "hour" or "hours" => 3_600,
        "d" or "day" or "days" => 86_400,
        "w" or "week" or "weeks" => 7 * 86_400,
        "month" or "months" => 30 * 86_400,
        _ => null,
    };
}

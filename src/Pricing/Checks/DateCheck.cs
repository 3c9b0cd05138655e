using System.Collections.Frozen;
using System.Globalization;

namespace OpenAIProxy.Pricing.Checks;

/// <summary>Do the dates of a model's rows fit together, and what do they say about today?</summary>
internal static class DateCheck
{
    private static readonly int Soon = (int)TimeSpan.FromDays(90).TotalDays;

    public static void Run(string model, PriceRow[] rows, DateOnly today, List<PriceFinding> findings)
    {
        var first = new RowFindings(model, rows[0], findings);
        if (rows[0].From != DateOnly.MinValue)
        {
            first.Note($"no price before {Text(rows[0].From)}: earlier usage is unpriced");
        }

        foreach (var (i, row) in rows.Index())
        {
            var about = new RowFindings(model, row, findings);
            var next = i + 1 < rows.Length ? rows[i + 1].From : DateOnly.MaxValue;
            Promotion(row, next, today, about);
            if (row.From > today)
            {
                about.Note($"not yet in force; from {Text(row.From)} on");
            }

            var gone = i > 0 ? rows[i - 1].Tokens.Keys.Except(row.Tokens.Keys).Order().ToList() : [];
            if (gone.Count > 0)
            {
                about.Note($"no price any more in {string.Join(", ", gone)}, which had one before");
            }

            if (i > 0 && IsSame(row, rows[i - 1]))
            {
                about.Warning("is the same as the price before it");
            }
        }

        Shutdown(rows[^1], today, new RowFindings(model, rows[^1], findings));
    }

    private static bool IsSame(PriceRow row, PriceRow other)
        => (row.PerMinute, row.Per1MCharacters, row.PerCall, row.PerCallReasoning, row.RegionalFactor, row.LongAbove, row.PromotionUntil)
            == (other.PerMinute, other.Per1MCharacters, other.PerCall, other.PerCallReasoning, other.RegionalFactor, other.LongAbove, other.PromotionUntil)
        && row.Reasons == other.Reasons
        && IsSame(row.PerCallBySize, other.PerCallBySize)
        && IsSame(row.InputPerCall ?? FrozenDictionary<string, int>.Empty, other.InputPerCall ?? FrozenDictionary<string, int>.Empty)
        && row.LongExcludes.SetEquals(other.LongExcludes)
        && IsSame(row.Tokens, other.Tokens)
        && IsSame(row.LongTokens, other.LongTokens)
        && IsSame(row.PerImage, other.PerImage)
        && IsSame(row.PerVideoSecond, other.PerVideoSecond)
        && IsSame(row.PerSearchCall, other.PerSearchCall)
        && row.Unknown.SetEquals(other.Unknown);

    private static bool IsSame<T>(FrozenDictionary<string, T> prices, FrozenDictionary<string, T> others)
        => prices.Count == others.Count && prices.All(p => others.TryGetValue(p.Key, out var other) && Equals(p.Value, other));

    private static void Promotion(PriceRow row, DateOnly next, DateOnly today, RowFindings about)
    {
        if (row.PromotionUntil is not { } until)
        {
            return;
        }

        if (until < row.From)
        {
            about.Error($"a promotion from {Text(row.From)} that ends on {Text(until)}");
        }
        else if (next == DateOnly.MaxValue)
        {
            var message = $"a promotion that was assured until {Text(until)}, and no price after it is known";
            if (until < today)
            {
                about.Warning(message);
            }
            else
            {
                about.Note(message);
            }
        }
    }

    private static void Shutdown(PriceRow row, DateOnly today, RowFindings about)
    {
        foreach (var (name, end) in row.Shutdowns.OrderBy(s => s.Key))
        {
            var who = name == PriceNames.Any ? "" : $"as {name} ";
            if (end <= today)
            {
                about.Note($"{who}ended on {Text(end)}; kept for usage before");
            }
            else if (end.DayNumber - today.DayNumber <= Soon)
            {
                about.Note($"{who}is announced to end on {Text(end)}");
            }
        }
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

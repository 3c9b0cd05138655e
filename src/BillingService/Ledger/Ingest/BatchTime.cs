using System.Globalization;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Ingest;

/// <summary>
/// Puts usage at the ledger's time where the clock of its gateway is wrong. What is moved is marked as estimated, for nobody knows its hour,
/// on which its price may depend.
/// </summary>
internal static class BatchTime
{
    /// <summary>How far a gateway's clock may be off: usage is kept by the hour.</summary>
    public static TimeSpan Tolerance { get; } = TimeSpan.FromHours(1);

    // Without knowing the gateway's clock. Nobody asked for anything that long from now.
    private static readonly TimeSpan Future = TimeSpan.FromDays(1);

    // Before there was anything to call.
    private static readonly long FirstHour = Hour(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>The rows at the ledger's time, which is <paramref name="now"/>; the same list if nothing had to be moved.</summary>
    public static IReadOnlyList<UsageRow> Correct(IReadOnlyList<UsageRow> rows, DateTimeOffset now, DateTimeOffset? sent)
    {
        var skew = Skew(now, sent);
        var shift = (long)Math.Round(skew.TotalHours);
        UsageRow[]? moved = null;
        for (var i = 0; i < rows.Count; i++)
        {
            var hour = rows[i].What.Hour + shift;
            if (hour < FirstHour || hour > Hour(now + (sent is null ? Future : Tolerance)))
            {
                hour = Hour(now);
            }

            if (hour != rows[i].What.Hour)
            {
                moved ??= [.. rows];
                moved[i] = rows[i] with { What = rows[i].What with { Hour = hour, Estimated = true } };
            }
        }

        return moved ?? rows;
    }

    /// <summary>How far the ledger is ahead of a gateway whose clock is wrong; zero if it isn't.</summary>
    public static TimeSpan Skew(DateTimeOffset now, DateTimeOffset? sent)
        => sent is { } time && (now - time).Duration() > Tolerance ? now - time : TimeSpan.Zero;

    /// <summary>The gateway's time in the header <c>Date</c>; null if there is none.</summary>
    public static DateTimeOffset? Sent(HttpRequest request)
        => DateTimeOffset.TryParseExact(request.Headers.Date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static long Hour(DateTimeOffset time) => time.ToUnixTimeSeconds() / 3600;
}

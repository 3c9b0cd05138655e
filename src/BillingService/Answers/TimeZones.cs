using System.Buffers;

namespace OpenAIProxy.BillingService.Answers;

/// <summary>
/// Time zones by their IANA names (<c>Asia/Shanghai</c>), as <c>?tz=</c> has them.
/// Where a zone's clocks change, its days have 23 or 25 hours.
/// </summary>
internal static class TimeZones
{
    /// <summary>The parameter.</summary>
    public const string ParameterName = "tz";

    /// <summary>The name of the zone that is meant where none is given.</summary>
    public const string Utc = "UTC";

    private const int LongestName = 64;

    // The runtime looks for a file of this name: nothing here leads to one that is no zone.
    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-");

    private static readonly Lazy<bool> Data = new(() => TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out _));

    /// <summary>True if the system knows time zones at all. Small container images leave them out.</summary>
    public static bool AreKnown => Data.Value;

    /// <summary>The zone; null if there is none of this name.</summary>
    public static TimeZoneInfo? Find(string name)
    {
        if (name == Utc)
        {
            return TimeZoneInfo.Utc;
        }

        return name.Length is > 0 and <= LongestName && name[0] != '/' && !name.AsSpan().ContainsAnyExcept(Letters)
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
    }

    /// <summary>Today in <paramref name="zone"/>, or else in UTC.</summary>
    public static DateOnly Today(DateTimeOffset now, TimeZoneInfo? zone)
        => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone ?? TimeZoneInfo.Utc).DateTime);

    /// <summary>The zone of a query; null if it names none.</summary>
    /// <exception cref="BillingException">400: there is no such zone.</exception>
    public static TimeZoneInfo? Read(IQueryCollection query)
    {
        if (query[ParameterName].ToString() is not { Length: > 0 } name)
        {
            return null;
        }

        return Find(name) ?? throw new BillingException(
            StatusCodes.Status400BadRequest, "invalid_time_zone",
            AreKnown
                ? $"{ParameterName} must be the IANA name of a time zone, such as Asia/Shanghai, Europe/Berlin or UTC."
                : $"{ParameterName} can only be {Utc} here: the billing service's system has no time zone data. Its operator can install tzdata.",
            ParameterName);
    }

    /// <summary>The zone as reports take it; null for UTC, whose days the ledger keeps.</summary>
    public static TimeZoneInfo? UnlessUtc(TimeZoneInfo? zone) => zone is null || zone.HasSameRules(TimeZoneInfo.Utc) ? null : zone;
}

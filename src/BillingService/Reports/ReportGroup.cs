using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>What the usage of one row has in common; what is not grouped by is null. Ordered as a report's rows are.</summary>
internal readonly record struct ReportGroup(DateOnly? OnDay, string? Model, string? Endpoint, string? Key, string? EndUser) : IComparable<ReportGroup>
{
    private const int HoursPerDay = 24;

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>The team of the key, empty for none.</summary>
    public string? Team { get; init; }

    /// <summary>The owner of the key, empty for nobody.</summary>
    public string? Owner { get; init; }

    /// <summary>The group that usage of <paramref name="what"/> belongs to, but for whose the key is.</summary>
    public static ReportGroup Of(UsageDimensions what, GroupBy groupBy, LocalDays? days = null) => new(
        (groupBy & GroupBy.Day) != 0 ? Day(what, days) : null,
        (groupBy & GroupBy.Model) != 0 ? what.Model : null,
        (groupBy & GroupBy.Endpoint) != 0 ? what.Endpoint : null,
        (groupBy & GroupBy.Key) != 0 ? what.Key : null,
        (groupBy & GroupBy.EndUser) != 0 ? what.EndUser ?? "" : null);

    /// <summary>The day of usage; in UTC, unless <paramref name="days"/> are others.</summary>
    public static DateOnly Day(UsageDimensions what, LocalDays? days = null)
        => days?.DayOf(what.Hour) ?? DateOnly.FromDayNumber(Epoch + (int)(what.Hour / HoursPerDay));

    public UsageReportRow ToRow(UsageFigures figures) => new(OnDay, Model, Endpoint, Key, figures) { EndUser = EndUser, Team = Team, Owner = Owner };

    public int CompareTo(ReportGroup other)
        => Nullable.Compare(OnDay, other.OnDay) is not 0 and var byDay ? byDay
            : Compare(Model, other.Model) is not 0 and var byModel ? byModel
            : Compare(Endpoint, other.Endpoint) is not 0 and var byEndpoint ? byEndpoint
            : Compare(Key, other.Key) is not 0 and var byKey ? byKey
            : Compare(EndUser, other.EndUser) is not 0 and var byEndUser ? byEndUser
            : Compare(Team, other.Team) is not 0 and var byTeam ? byTeam
            : Compare(Owner, other.Owner);

    // As the ledger sorts: by code points, while .NET's ordinal order has those beyond U+FFFF before U+E000.
    private static int Compare(string? a, string? b)
    {
        if (a is null || b is null)
        {
            return string.CompareOrdinal(a, b);
        }

        var same = a.AsSpan().CommonPrefixLength(b);
        return same == a.Length || same == b.Length ? a.Length - b.Length : Place(a[same]) - Place(b[same]);
    }

    private static int Place(char c) => char.IsSurrogate(c) ? c + 0x2000 : c >= 0xE000 ? c - 0x800 : c;
}

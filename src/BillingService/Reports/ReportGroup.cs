using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>What the usage of one row has in common; what is not grouped by is null. Ordered as a report's rows are.</summary>
internal readonly record struct ReportGroup(DateOnly? Day, string? Model, string? Endpoint, string? Key) : IComparable<ReportGroup>
{
    private const int HoursPerDay = 24;

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>The group that usage of <paramref name="what"/> belongs to.</summary>
    public static ReportGroup Of(UsageDimensions what, GroupBy groupBy) => new(
        (groupBy & GroupBy.Day) != 0 ? DateOnly.FromDayNumber(Epoch + (int)(what.Hour / HoursPerDay)) : null,
        (groupBy & GroupBy.Model) != 0 ? what.Model : null,
        (groupBy & GroupBy.Endpoint) != 0 ? what.Endpoint : null,
        (groupBy & GroupBy.Key) != 0 ? what.Key : null);

    public UsageReportRow ToRow(UsageFigures figures) => new(Day, Model, Endpoint, Key, figures);

    public int CompareTo(ReportGroup other)
        => Nullable.Compare(Day, other.Day) is not 0 and var byDay ? byDay
            : string.CompareOrdinal(Model, other.Model) is not 0 and var byModel ? byModel
            : string.CompareOrdinal(Endpoint, other.Endpoint) is not 0 and var byEndpoint ? byEndpoint
            : string.CompareOrdinal(Key, other.Key);
}

using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The days of a page, and what was used on each.</summary>
internal sealed class DaySums
{
    public DaySums(IReadOnlyList<DateOnly> days, Func<DateOnly, UsageFigures?> of)
    {
        Days = days;
        Sums = [.. days.Select(day => of(day) ?? FiguresSums.None)];
        Total = Sums.Sum();
        Used = [.. Enumerable.Range(0, days.Count).Where(day => !IsEmpty(Sums[day]))];
    }

    /// <summary>All days, also those without usage.</summary>
    public IReadOnlyList<DateOnly> Days { get; }

    /// <summary>The figures of each.</summary>
    public IReadOnlyList<UsageFigures> Sums { get; }

    /// <summary>All of them. Without times.</summary>
    public UsageFigures Total { get; }

    /// <summary>The days with usage, as places in <see cref="Days"/>, the newest last.</summary>
    public IReadOnlyList<int> Used { get; }

    /// <summary>True if columns would be one, alone among empty days.</summary>
    public bool IsOneDay => Used.Count <= 1;

    /// <summary>A chart's title, with the day where there is one and the range doesn't say which.</summary>
    public string Title(string ofOneDay, string ofDays)
    {
        if (!IsOneDay)
        {
            return ofDays;
        }

        return Days.Count == 1 || Used.Count == 0 ? ofOneDay : $"{ofOneDay} · {Charts.Numbers.Day(Days[Used[0]])}";
    }

    private static bool IsEmpty(UsageFigures figures) => !figures.IsUnpriced && figures.Dollars is null or 0m && !figures.Counts.AsSpan().ContainsAnyExcept(0);
}

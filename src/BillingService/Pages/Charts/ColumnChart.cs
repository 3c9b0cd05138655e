namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>Stacked columns over days: figures made geometry.</summary>
/// <param name="Ticks">The value axis.</param>
/// <param name="Columns">The days.</param>
/// <param name="MarkNames">What the rows of marks say.</param>
/// <param name="IsEmpty">True if there is neither a value nor a mark.</param>
public sealed record ColumnChart(IReadOnlyList<Tick> Ticks, IReadOnlyList<Column> Columns, IReadOnlyList<string> MarkNames, bool IsEmpty)
{
    /// <summary>Above the plot, room for half a label.</summary>
    public const int PlotTop = 8;

    /// <summary>The height of the plot, from zero to the top of the axis.</summary>
    public const int PlotHeight = 180;

    /// <summary>The height of one row of marks.</summary>
    public const int MarkHeight = 17;

    // The axis' zero has a label too.
    private const int MarkGap = 9;
    private const int LabelHeight = 22;
    private const int MostLabels = 6;

    // Of the axis' letters, which are 12 pixels high: widths that no common font exceeds, the room beside them, and what looks well.
    private const double LetterWidth = 7.7;
    private const double WideLetterWidth = 12.5;
    private const int AxisGap = 12;
    private const int LeastAxisWidth = 44;
    private const char FirstWideLetter = '\u2E80';

    /// <summary>Where zero is.</summary>
    public static int Zero => PlotTop + PlotHeight;

    /// <summary>The height of it all.</summary>
    public int Height => (MarkNames.Count == 0 ? Zero : MarkTop(MarkNames.Count)) + LabelHeight;

    /// <summary>How wide the axis is: as its longest label needs it.</summary>
    public int AxisWidth => Math.Max(LeastAxisWidth, AxisGap + (int)Math.Ceiling(
        Ticks.Select(tick => tick.Label).Concat(MarkNames).Max(label => label.Sum(c => c < FirstWideLetter ? LetterWidth : WideLetterWidth))));

    /// <summary>Where a row of marks begins.</summary>
    public static int MarkTop(int row) => Zero + MarkGap + (row * MarkHeight);

    /// <summary>Draws <paramref name="series"/>, the first one at the bottom.</summary>
    /// <param name="days">The days.</param>
    /// <param name="series">What is stacked.</param>
    /// <param name="marks">Rows of marks; those without a mark are left out.</param>
    /// <param name="smallestStep">The smallest step of the value axis.</param>
    /// <param name="axisText">Writes a value on the axis.</param>
    /// <param name="dayText">Writes a day.</param>
    /// <param name="valueText">Writes a value.</param>
    /// <param name="link">Where a day leads; null for nowhere.</param>
    public static ColumnChart Draw(
        IReadOnlyList<DateOnly> days, IReadOnlyList<Series> series, IReadOnlyList<DayMarks> marks, decimal smallestStep,
        Func<decimal, string> axisText, Func<DateOnly, string> dayText, Func<decimal, string> valueText, Func<DateOnly, string>? link = null)
    {
        ArgumentNullException.ThrowIfNull(days);
        var seen = marks.Where(m => m.Days.Contains(true)).ToArray();
        var axis = Axis.For(days.Count == 0 ? 0m : Enumerable.Range(0, days.Count).Max(day => series.Sum(s => s.Values[day])), smallestStep);
        var ticks = axis.Ticks().Select(t => new Tick(Pixels(Zero - Scaled(t, axis)), axisText(t))).ToArray();
        var columns = Enumerable.Range(0, days.Count).Select(day => DrawDay(day, days, series, seen, axis, dayText, valueText, link)).ToArray();
        return new ColumnChart(ticks, columns, [.. seen.Select(m => m.Name)], seen.Length == 0 && series.All(s => s.Total == 0m));
    }

    private static Column DrawDay(
        int day, IReadOnlyList<DateOnly> days, IReadOnlyList<Series> series, DayMarks[] marks, Axis axis,
        Func<DateOnly, string> dayText, Func<decimal, string> valueText, Func<DateOnly, string>? link)
    {
        var band = 100d / days.Count;
        var width = band * (days.Count <= 10 ? 0.5 : 0.74);
        var segments = new List<Segment>();
        var lines = new List<string> { dayText(days[day]) };
        var below = (double)Zero;
        foreach (var one in series.Where(s => s.Values[day] > 0m))
        {
            // Two pixels at least, so that what is there is seen; and a pixel of air between two.
            var height = Math.Max(2, Scaled(one.Values[day], axis));
            segments.Add(new Segment(one.Style, Pixels(below - height), Pixels(height > 3 ? height - 1 : height)));
            lines.Add($"{one.Name}: {valueText(one.Values[day])}");
            below -= height;
        }

        lines.AddRange(marks.Where(m => m.Days[day]).Select(m => m.Name));
        return new Column(
            Percent(day * band), Percent(band), Percent((day * band) + ((band - width) / 2)), Percent(width), Percent((day + 0.5) * band),
            HasLabel(day, days.Count) ? dayText(days[day]) : null, (days.Count - 1 - day) / Every(days.Count) % 2 == 1, string.Join('\n', lines),
            link?.Invoke(days[day]), segments,
            [.. marks.Select(m => m.Days[day] ? m.Style : (int?)null)]);
    }

    // Counted from today back; the ones at the edge would be cut.
    private static bool HasLabel(int day, int days)
    {
        var every = Every(days);
        return (days - 1 - day - (every / 2)) % every == 0 && (days < 2 * MostLabels || (day > every / 3 && days - day > every / 3));
    }

    private static int Every(int days) => (int)Math.Ceiling(days / (double)MostLabels);

    private static double Scaled(decimal value, Axis axis) => (double)(value / axis.Top * PlotHeight);

    private static string Pixels(double value) => Numbers.Length(value);

    private static string Percent(double value) => Numbers.Length(value, "%");
}

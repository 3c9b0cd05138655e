using System.Globalization;
using OpenAIProxy.BillingService.Pages.Charts;

namespace OpenAIProxy.BillingService.Tests.Pages.Charts;

public sealed class ChartTests
{
    private static readonly DateOnly[] Days = [new(2026, 3, 1), new(2026, 3, 2), new(2026, 3, 3)];

    [Theory]
    [InlineData("0", "$0.00")]
    [InlineData("0.0000123", "$0.0000123")]
    [InlineData("0.00001234567", "$0.0000123")]
    [InlineData("0.5", "$0.50")]
    [InlineData("0.125", "$0.125")]
    [InlineData("0.4596", "$0.460")]
    [InlineData("0.9999", "$1.00")]
    [InlineData("1.005", "$1.01")]
    [InlineData("1234.5678", "$1,234.57")]
    public void Money_OfAnySize_CanBeSeen(string dollars, string text)
        => Assert.Equal(text, Numbers.Money(decimal.Parse(dollars, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(999, "999")]
    [InlineData(1_000, "1k")]
    [InlineData(12_345, "12.3k")]
    [InlineData(999_960, "1M")]
    [InlineData(2_500_000_000, "2.5G")]
    public void Brief_OfANumber_HasItsSize(long value, string text) => Assert.Equal(text, Numbers.Brief(value));

    [Theory]
    [InlineData(0.4, "0 ms")]
    [InlineData(999, "999 ms")]
    [InlineData(1_250, "1.25 s")]
    [InlineData(61_000, "1.0 min")]
    [InlineData(7_200_000, "2.0 h")]
    public void Time_OfAnyLength_HasItsUnit(double milliseconds, string text) => Assert.Equal(text, Numbers.Time(milliseconds));

    [Theory]
    [InlineData("0.0000037", "0.00000001")]
    [InlineData("0.7", "0.00000001")]
    [InlineData("1", "1")]
    [InlineData("3", "1")]
    [InlineData("7", "1")]
    [InlineData("12", "1")]
    [InlineData("99", "1")]
    [InlineData("100001", "1")]
    [InlineData("123456789012", "1")]
    public void Axis_ForAnyValue_EndsAboveItInFewRoundSteps(string largest, string smallestStep)
    {
        var value = decimal.Parse(largest, CultureInfo.InvariantCulture);
        var least = decimal.Parse(smallestStep, CultureInfo.InvariantCulture);
        var axis = Axis.For(value, least);

        Assert.InRange(axis.Top, value, value * 2);
        Assert.InRange(axis.Ticks().Count(), 2, 6);
        Assert.True(axis.Step >= least && (least < 1m || decimal.IsInteger(axis.Step)));
    }

    [Fact]
    public void Columns_OfSeries_StandOnEachOtherToScale()
    {
        var chart = Draw([new("a", 0, [10m, 0m, 5m]), new("b", 1, [10m, 20m, 0m])]);

        Assert.Equal("20", chart.Ticks[^1].Label);
        Assert.Equal(["98|89|0", "8|89|1"], chart.Columns[0].Segments.Select(Text));
        Assert.Equal(["8|179|1"], chart.Columns[1].Segments.Select(Text));
        Assert.Equal(["143|44|0"], chart.Columns[2].Segments.Select(Text));
        Assert.Equal("2026-03-01\na: 10\nb: 10", chart.Columns[0].Title);

        static string Text(Segment s) => $"{s.Y}|{s.Height}|{s.Style}";
    }

    [Fact]
    public void Columns_WithATinyValue_StillShowIt()
        => Assert.Single(Draw([new("a", 0, [1_000_000m, 1m, 0m])]).Columns[1].Segments);

    [Fact]
    public void Columns_WithMarks_HaveARowForThoseThatOccur()
    {
        var chart = Draw([new("a", 0, [1m, 2m, 3m])], new("unpriced", 9, [false, true, false]), new("estimated", 10, [false, false, false]));

        Assert.Equal(["unpriced"], chart.MarkNames);
        Assert.Equal([null, 9, null], chart.Columns.Select(c => Assert.Single(c.Marks)));
    }

    [Fact]
    public void Columns_OfNothing_AreEmpty()
    {
        Assert.True(Draw([new("a", 0, [0m, 0m, 0m])]).IsEmpty);
        Assert.False(Draw([], new DayMarks("unpriced", 9, [true, false, false])).IsEmpty);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(90)]
    [InlineData(366)]
    public void Columns_OfManyDays_HaveFewLabels(int days)
    {
        var range = Enumerable.Range(0, days).Select(new DateOnly(2026, 1, 1).AddDays).ToArray();
        var chart = ColumnChart.Draw(range, [new("a", 0, [.. range.Select(_ => 1m)])], [], 1m, Numbers.Brief, Numbers.Day, Numbers.Brief);

        Assert.InRange(chart.Columns.Count(c => c.Label is not null), 1, 7);
    }

    private static ColumnChart Draw(Series[] series, params DayMarks[] marks)
        => ColumnChart.Draw(Days, series, marks, 1m, Numbers.Brief, Numbers.Day, Numbers.Brief);
}

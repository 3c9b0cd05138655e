using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Tests.Queries;

public sealed class WindowsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(90, 1)]
    [InlineData(91, 2)]
    [InlineData(365, 6)]
    [InlineData(1827, 22)]
    public void Windows_OfAnyRange_TouchCoverItAndAreFew(int days, int most)
    {
        for (var shift = 0; shift < 200; shift++)
        {
            var start = new DateOnly(2020, 1, 1).AddDays(shift);
            var range = new DateRange(start, start.AddDays(days));

            var windows = range.Windows();

            Assert.InRange(windows.Count, 1, most);
            Assert.Equal(range.Start, windows[0].Start);
            Assert.Equal(range.End, windows[^1].End);
            Assert.All(windows, w => Assert.InRange(w.Days, 1, 90));
            Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        }
    }

    [Fact]
    public void Windows_OfTheLastYear_AreTheSameTomorrowButForTheEnds()
    {
        var today = new DateRange(new DateOnly(2025, 3, 15), new DateOnly(2026, 3, 16)).Windows();
        var tomorrow = new DateRange(new DateOnly(2025, 3, 16), new DateOnly(2026, 3, 17)).Windows();

        Assert.Equal(today.Skip(1).SkipLast(1), tomorrow.Skip(1).SkipLast(1));
        Assert.InRange(today.Count, 5, 6);
    }
}

using System.Globalization;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>How limits and budgets are written.</summary>
public sealed class LimitNotationTests
{
    [Theory]
    [InlineData("60/minute", "60:60")]
    [InlineData("60/minute;1000/day", "60:60 1000:86400")]
    [InlineData("100 per 2 minutes", "100:120")]
    [InlineData(" 90k / min , 2M per month ", "90000:60 2000000:2592000")]
    [InlineData("5/s;7/10s;1/week", "5:1 7:10 1:604800")]
    [InlineData("10/hour shadow;20/hour", "10:3600:shadow 20:3600")]
    [InlineData("", "")]
    public void RateLimit_IsReadAsItIsMeant(string text, string expected)
    {
        Assert.True(RateLimit.TryParse(text, out var limits));
        Assert.Equal(expected, string.Join(' ', limits.Select(l => $"{l.Amount}:{l.Window.TotalSeconds}{(l.IsShadow ? ":shadow" : "")}")));
    }

    [Theory]
    [InlineData("60")]
    [InlineData("60/minuet")]
    [InlineData("0/minute")]
    [InlineData("-1/minute")]
    [InlineData("1.5/minute")]
    [InlineData("60/0 minutes")]
    [InlineData("60/minute/hour")]
    [InlineData("1/400 days")]
    [InlineData("9999999999M/day")]
    [InlineData("60/99999999999999999999 days")]
    [InlineData("60/minute shadows")]
    [InlineData("/minute")]
    public void RateLimit_ThatIsNone_IsRefused(string text) => Assert.False(RateLimit.TryParse(text, out _));

    [Theory]
    [InlineData("5/day;100/month", "5000000:Day 100000000:Month")]
    [InlineData("$0.50 per week; 500/total shadow", "500000:Week 500000000:Total:shadow")]
    public void Budget_IsReadAsItIsMeant(string text, string expected)
    {
        Assert.True(Budget.TryParse(text, out var budgets));
        Assert.Equal(expected, string.Join(' ', budgets.Select(b => string.Create(
            CultureInfo.InvariantCulture, $"{b.MicroDollars}:{b.Period}{(b.IsShadow ? ":shadow" : "")}"))));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("0.001/day")]
    [InlineData("5/hour")]
    [InlineData("5/day;6/day")]
    [InlineData("5,50/day")]
    [InlineData("1e3/day")]
    public void Budget_ThatIsNone_IsRefused(string text) => Assert.False(Budget.TryParse(text, out _));

    [Theory]
    [InlineData("5", 5, false)]
    [InlineData("5 shadow", 5, true)]
    public void Concurrency_IsReadAsItIsMeant(string text, int amount, bool isShadow)
    {
        Assert.True(ConcurrencyLimit.TryParse(text, out var limit));
        Assert.Equal(new ConcurrencyLimit(amount, isShadow), limit);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("5/minute")]
    [InlineData("5;6")]
    public void Concurrency_ThatIsNone_IsRefused(string text) => Assert.False(ConcurrencyLimit.TryParse(text, out _));
}

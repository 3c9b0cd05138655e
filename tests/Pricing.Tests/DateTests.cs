using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Tests;

public sealed class DateTests
{
    [Theory]
    [InlineData("gpt-5.6-sol", "2026-08-20", 5, 30)]
    [InlineData("gpt-5.6-sol", "2026-08-21", 4, 20)]
    [InlineData("gpt-5.6", "2026-08-20", 5, 30)]
    [InlineData("gpt-5.6-2026-07-09", "2026-08-21", 4, 20)]
    [InlineData("gpt-5.6-luna", "2026-07-29", 1, 6)]
    [InlineData("gpt-5.6-luna", "2026-07-30", 0.2, 1.2)]
    [InlineData("gpt-5.6-terra-2026-07-09", "2026-07-29", 2.5, 15)]
    [InlineData("gpt-4o", "2024-08-07", 2.5, 10)]
    public void Price_SameTokensAtADate_IsThatDatesPrice(string model, string day, double input, double output)
    {
        Used.Is((decimal)input, PriceBook.BuiltIn.Input(model, day));
        Used.Is((decimal)output, PriceBook.BuiltIn.Price(Used.What(model, day), Used.Tokens(0, Used.Million)));
    }

    [Fact]
    public void Price_LastHourBeforeTheDate_IsTheEarlierPrice()
    {
        var midnight = Used.Hour("2026-08-21");

        Used.Is(5m, PriceBook.BuiltIn.Price(Used.What("gpt-5.6-sol") with { Hour = midnight - 1 }, Used.Tokens(Used.Million)));
        Used.Is(4m, PriceBook.BuiltIn.Price(Used.What("gpt-5.6-sol") with { Hour = midnight }, Used.Tokens(Used.Million)));
    }

    [Fact]
    public void Price_BeforeTheFirstPrice_IsUnpriced() => Assert.Equal(Cost.Unpriced, PriceBook.BuiltIn.Input("gpt-6.2-sol", "2026-11-16"));

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Price_ImpossibleHour_StillAnswers(long hour)
        => Used.Is(2.5m, PriceBook.BuiltIn.Price(Used.What("gpt-4o") with { Hour = hour }, Used.Tokens(Used.Million)));

    [Fact]
    public void List_OnADay_ShowsTheNamesAndPricesOfThatDay()
    {
        var before = PriceBook.BuiltIn.List(new DateOnly(2026, 8, 20)).ToDictionary(l => l.Model);
        var after = PriceBook.BuiltIn.List(new DateOnly(2026, 8, 21)).ToDictionary(l => l.Model);

        Assert.Equal(5m, before["gpt-5.6-sol"].Tokens?.Input);
        Assert.Null(before["gpt-5.6-sol"].From);
        Assert.Equal(4m, after["gpt-5.6"].Tokens?.Input);
        Assert.Equal(new DateOnly(2026, 8, 21), after["gpt-5.6"].From);
        Assert.DoesNotContain("gpt-6.2-sol", after.Keys);
        Assert.DoesNotContain("tool:image_generation", after.Keys);
        Assert.Null(after["whisper-1"].Tokens);
    }

    [Fact]
    public void Price_EveryListedModel_CostsWhatTheListSays()
    {
        foreach (var model in PriceBook.BuiltIn.List(new DateOnly(2026, 11, 25)).Where(l => l.Tokens is not null))
        {
            var text = PriceBook.BuiltIn.Price(
                Used.What(model.Model), new UsageCounts { Input = 2 * Used.Million, AudioInput = model.Kind == "transcription" ? Used.Million : 0 });
            var audio = model.Kind == "transcription" ? model.Tokens!.AudioInput : model.Tokens!.Input;
            Used.Is(model.Tokens.Input!.Value + audio!.Value, text);
        }
    }
}

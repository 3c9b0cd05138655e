using Microsoft.Playwright;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>The page on paper: whole tables, no buttons, and a file that can be sent by mail.</summary>
public sealed class PrintTests(ManyNamesRig rig, Chromium chromium) : IClassFixture<ManyNamesRig>
{
    // A4 at 96 dots an inch, without margins of 12 mm.
    private const int PaperWidth = 703;
    private const int MostBytes = 500_000;

    [Theory]
    [InlineData("en-US")]
    [InlineData("zh-CN")]
    public async Task Page_AsPdf_IsSmall(string locale)
    {
        await using var visitor = await chromium.VisitAsync(new() { Locale = locale, ColorScheme = ColorScheme.Dark });
        var tab = await visitor.SignInAsync(rig.Page, SampleUsage.Admin);

        var pdf = await tab.PdfAsync(new() { Format = "A4", PrintBackground = true });

        Assert.InRange(pdf.Length, 10_000, MostBytes);
    }

    [Fact]
    public async Task Page_OnPaper_HasWholeTablesAndNothingToClick()
    {
        await using var visitor = await chromium.VisitAsync(
            new() { ViewportSize = new() { Width = PaperWidth, Height = 1000 }, ColorScheme = ColorScheme.Dark });
        var tab = await visitor.SignInAsync(rig.Page, SampleUsage.Admin);
        await tab.EmulateMediaAsync(new() { Media = Media.Print });

        foreach (var table in (string[])["cost-table", "tokens-table", "requests-table", "keys-table", "models-table"])
        {
            var box = (await tab.Locator("#" + table).BoundingBoxAsync())!;
            Assert.True(box.Height > 100, table);
            Assert.InRange(box.X + box.Width, 0, PaperWidth);
            // The place around it hides no part of it.
            Assert.Equal("visible", await tab.Locator("#" + table).EvaluateAsync<string>("t => getComputedStyle(t.parentElement).overflowY"));
            Assert.True(await tab.Locator($"#{table} tr").Last.IsVisibleAsync(), table);
        }

        Assert.Equal("2026-02-14 – 2026-03-15 · days begin at 00:00 UTC", await tab.Locator(".period").TextContentAsync());
        Assert.True(await tab.Locator(".period").IsVisibleAsync());
        foreach (var button in await tab.Locator("button, input, summary, .quiet, .presets").AllAsync())
        {
            Assert.False(await button.IsVisibleAsync());
        }

        Assert.Equal("rgb(255, 255, 255)", await tab.Locator("body").EvaluateAsync<string>("e => getComputedStyle(e).backgroundColor"));
    }
}

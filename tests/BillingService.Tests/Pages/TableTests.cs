using Microsoft.Playwright;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>The tables of figures: what stands where, and how money is written.</summary>
public sealed class TableTests(Chromium chromium) : IAsyncLifetime
{
    private BillingHost _billing = null!;

    public async ValueTask InitializeAsync() => _billing = await UsageRig.StartAsync(BillingHost.InternalToken);

    public ValueTask DisposeAsync() => _billing.DisposeAsync();

    [Fact]
    public async Task Figures_AreNewestFirstWithoutEmptyDaysBelowTheTotal()
    {
        await _billing.ReportAsync(Used.Tokens("2026-03-02", 1_000_000), Used.Tokens("2026-03-09", 2_000_000), Used.Tokens("2026-03-11", 3_000_000));
        var tab = await OpenAsync("?days=30");

        foreach (var table in (string[])["cost-table", "tokens-table", "requests-table"])
        {
            Assert.Equal(["Day", "Total", "2026-03-11", "2026-03-09", "2026-03-02"], await ColumnAsync(tab, table, 0));
        }

        Assert.Equal("static", await tab.Locator("#cost-table .total td").First.EvaluateAsync<string>("e => getComputedStyle(e).position"));
    }

    [Fact]
    public async Task Cost_IsTheSecondColumnOfEachTable()
    {
        await _billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000));
        var tab = await OpenAsync("", SampleUsage.Admin);

        Assert.Equal("Cost", (await ColumnAsync(tab, "models-table", 1))[0]);
        Assert.Equal("Cost", (await ColumnAsync(tab, "keys-table", 1))[0]);
        Assert.Equal("Total", (await ColumnAsync(tab, "cost-table", 1))[0]);
    }

    [Fact]
    public async Task Money_OfAColumn_HasItsPointsBelowEachOtherAndAllDigitsOnHover()
    {
        await _billing.ReportAsync(
            Used.Tokens("2026-03-15", 1_234_000_000), Used.Tokens("2026-03-15", 1_000, model: "gpt-4o-mini"),
            Used.Tokens("2026-03-15", 1_000_000, model: "o3", estimated: true), Used.Tokens("2026-03-15", 1_000_000, model: "o3"));
        var tab = await OpenAsync("");

        Assert.Equal(["Cost", "~$3,089.00", "$3,085.00", "~$4.00", "<$0.01"], await ColumnAsync(tab, "models-table", 1));
        var ends = await tab.Locator("#models-table data").EvaluateAllAsync<double[]>(
            "all => all.filter(d => d.textContent.includes('$')).map(d => d.getBoundingClientRect().right)");
        Assert.Equal(4, ends.Length);
        Assert.All(ends, end => Assert.Equal(ends[0], end, 0.5));
        var tiny = tab.Locator("#models-table data").Filter(new() { HasText = "<$0.01" });
        Assert.Equal(("0.00015", "$0.00015"), (await tiny.GetAttributeAsync("value"), await tiny.GetAttributeAsync("title")));
        var estimated = tab.Locator("#models-table tbody:not(.total) data").Filter(new() { HasText = "~" });
        Assert.Equal("$4; $2.00 of it estimated", await estimated.GetAttributeAsync("title"));
        // The warning is for usage without a price alone.
        Assert.Equal(0, await tab.Locator("#models-table small").CountAsync());
        Assert.Contains("~", await tab.Locator("#models-table").Locator("xpath=../following-sibling::p").TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_AreCountedOnceAtTheModelThatAnswersToTheName()
    {
        var errors = Used.Tokens("2026-03-15", 0, model: "gpt-5", requests: 3, errors: 3) with { Duration = new() { [40] = 3 } };
        var answers = Used.Tokens("2026-03-15", 1_000_000, model: "gpt-5-2025-08-07", requests: 7) with { Duration = new() { [40] = 7 } };
        await _billing.ReportAsync(
            errors, answers with { What = answers.What with { RequestedModel = "gpt-5" } },
            Used.Tokens("2026-03-15", 0, model: "nobody-knows", requests: 2, errors: 2));
        var tab = await OpenAsync("");

        var models = await tab.TableAsync("models-table");

        Assert.Equal(
            ["Total", "gpt-5-2025-08-07", "nobody-knows"],
            models.Keys.Select(name => name.Replace("asked for as gpt-5", "", StringComparison.Ordinal)));
        var joined = models.Single(model => model.Key.StartsWith("gpt-5", StringComparison.Ordinal)).Value;
        Assert.Equal((10m, 3m, 1.25m), (joined["Requests"], joined["Errors"], joined["Cost"]));
        // Calls that all failed have no price, and no $0.00 either.
        Assert.Null(models["nobody-knows"]["Cost"]);
        Assert.Equal(12m, models["Total"]["Requests"]);
    }

    [Fact]
    public async Task Times_SayOfHowManyCallsTheyAre()
    {
        await _billing.ReportAsync(
            Used.Tokens("2026-03-15", 1_000_000, requests: 5, errors: 1) with { Duration = new() { [40] = 5 }, FirstToken = new() { [30] = 4 } });
        var tab = await OpenAsync("");

        Assert.Contains("median of 5 calls", await tab.Locator("#tile-duration").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("median of 4 answers", await tab.Locator("#tile-first-token").TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chart_OfOneDayInAMonth_IsThatDaysBars()
    {
        await _billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000));
        var tab = await OpenAsync("?days=30");

        Assert.Equal(0, await tab.Locator("svg.columns").CountAsync());
        Assert.Equal("Cost by model · 2026-03-15", await tab.Locator("#cost h2").TextContentAsync());
        Assert.Equal("gpt-4o", await tab.Locator("#cost .bars .name").TextContentAsync());
    }

    [Fact]
    public async Task BarsAndColumns_LeadIntoTheDayTheModelAndTheKey()
    {
        await _billing.ReportAsync(
            Used.Tokens("2026-03-14", 1_000_000), Used.Tokens("2026-03-15", 2_000_000),
            Used.Tokens("2026-03-15", 4_000_000, model: "o3", key: KeyId.Of(Keys.Other).Value));
        var tab = await OpenAsync("?days=7", SampleUsage.Admin);

        await tab.FollowAsync(tab.Locator("#cost svg.columns .day").Last.Locator("rect:not(.band)").First);
        Assert.EndsWith("/usage?from=2026-03-15&to=2026-03-15", tab.Url, StringComparison.Ordinal);

        await tab.FollowAsync(tab.Locator("#cost .bars a").Filter(new() { HasText = "o3" }));
        Assert.EndsWith("/usage?from=2026-03-15&to=2026-03-15&model=o3", tab.Url, StringComparison.Ordinal);
        Assert.Equal(["Total", "o3"], (await tab.TableAsync("models-table")).Keys);
        Assert.Equal(8m, (await tab.TableAsync("cost-table"))["Total"]["Total"]);

        await tab.FollowAsync(tab.Locator("#keys .bars a"));
        Assert.EndsWith($"&key={KeyId.Of(Keys.Other).Value}&model=o3", tab.Url, StringComparison.Ordinal);
        var file = await tab.Locator("#csv").GetAttributeAsync("href");
        var download = await _billing.GetAsync("/" + file, key: null, ("Cookie", await UsageRig.CookieAsync(_billing, SampleUsage.Admin)));
        Assert.Equal(2, download.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private static Task<string[]> ColumnAsync(IPage tab, string table, int column) => tab.Locator("#" + table).EvaluateAsync<string[]>(
        $"table => [...table.rows].map(row => row.cells[{column}].innerText.trim() || row.cells[{column}].textContent.trim())");

    private async Task<IPage> OpenAsync(string query, string key = Keys.Secret)
    {
        // Ended with the browser.
        var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(new Uri(_billing.Address, "/usage"), key);
        await tab.GotoAsync(new Uri(_billing.Address, "/usage" + query).ToString());
        return tab;
    }
}

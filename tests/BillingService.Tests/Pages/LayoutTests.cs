using Microsoft.Playwright;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>Every page, on a desk and on a phone, light and dark, in both languages, with long names and many of them: nothing is cut off.</summary>
public sealed class LayoutTests(ManyNamesRig rig, Chromium chromium) : IClassFixture<ManyNamesRig>
{
    // Where text is outside of what it stands in, or hidden without being said in full when it is pointed at. Tables scroll: what they hold can be reached.
    private const string FindCut =
        """
        () => {
            const cut = [];
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const text = texts.currentNode, element = text.parentElement;
                if (!text.textContent.trim() || !element.checkVisibility() || element.closest('.skip, caption, title, desc, datalist, style')) continue;
                const range = document.createRange();
                range.selectNodeContents(text);
                const scroll = element.closest('.scroll');
                const box = (scroll ?? element.closest('.tile, .card, .wide') ?? document.body).getBoundingClientRect();
                const left = box.left - (scroll?.scrollLeft ?? 0), right = scroll ? left + scroll.scrollWidth : box.right;
                for (const rect of range.getClientRects()) {
                    if (rect.width > 0 && (rect.left < left - 1 || rect.right > right + 1)) {
                        cut.push(`${text.textContent.trim()} at ${Math.round(rect.left)}-${Math.round(rect.right)}, not in ${Math.round(left)}-${Math.round(right)}`);
                    }
                }
            }
            for (const element of document.querySelectorAll('body *:not(caption)')) {
                const style = getComputedStyle(element);
                const hides = style.overflowX === 'hidden' || style.overflowX === 'clip' || style.overflowY === 'hidden';
                const isCut = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
                if (hides && isCut && !element.title && element.checkVisibility() && element.clientHeight > 0 && !element.closest('svg, select')) {
                    cut.push(`hidden: ${element.outerHTML.slice(0, 120)}`);
                }
            }
            return cut;
        }
        """;

    [Theory]
    [InlineData(1280, "en-US")]
    [InlineData(1280, "zh-CN")]
    [InlineData(390, "en-US")]
    [InlineData(390, "zh-CN")]
    public async Task Pages_OfEachLook_ShowAllAndCanBeUsedByAll(int width, string locale)
    {
        await using var visitor = await chromium.VisitAsync(new() { Locale = locale, ViewportSize = new() { Width = width, Height = 900 } });
        var tab = await visitor.NewPageAsync();
        var found = await CheckAsync(tab, "/usage");

        tab = await visitor.SignInAsync(rig.Page, SampleUsage.Admin);
        foreach (var path in (string[])
        [
            "/usage", "/usage?days=1", $"/usage?key={ManyNames.Key(3)}&model={Uri.EscapeDataString(ManyNames.LongName)}", "/usage?from=x&tz=y", "/usage/live?pause=1",
            "/usage/nothing",
        ])
        {
            found = [.. found, .. await CheckAsync(tab, path)];
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Tables_ShowNameAndCostAtOnceAndThatThereIsMore(int width)
    {
        await using var visitor = await chromium.VisitAsync(new() { Locale = "en-US", ViewportSize = new() { Width = width, Height = 900 } });
        var tab = await visitor.SignInAsync(rig.Page, SampleUsage.Admin);

        foreach (var table in (string[])["models-table", "keys-table"])
        {
            var scroll = tab.Locator($"#{table}").Locator("xpath=..");
            var outer = (await scroll.BoundingBoxAsync())!;
            foreach (var row in await tab.Locator($"#{table} tr").AllAsync())
            {
                var (head, cost) = ((await row.Locator("th").First.BoundingBoxAsync())!, (await row.Locator("th, td").Nth(1).BoundingBoxAsync())!);
                Assert.True(head.X >= outer.X - 1 && cost.X + cost.Width <= outer.X + outer.Width + 1, await row.InnerTextAsync());
            }

            // The first column stays where it is while the rest moves, and the edge has a shadow that the end of the table covers.
            await scroll.EvaluateAsync("e => e.scrollLeft = 150");
            Assert.Equal(outer.X, (await tab.Locator($"#{table} tbody th").First.BoundingBoxAsync())!.X, 1f);
            Assert.Equal("local, scroll", await scroll.EvaluateAsync<string>("e => getComputedStyle(e).backgroundAttachment"));
        }

        Assert.True(await tab.Locator("#models-table").EvaluateAsync<bool>("t => t.textContent.includes('" + ManyNames.LongName + "')"));
    }

    [Theory]
    [InlineData("document.querySelectorAll('.axis text').forEach(text => text.setAttribute('x', 0))")]
    [InlineData("document.querySelector('.tile h2').style.marginLeft = '-90px'")]
    [InlineData("Object.assign(document.querySelector('.tile .value').style, { width: '10px', overflow: 'hidden' })")]
    public async Task Look_AtAPageThatCutsText_FindsIt(string breaks)
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(rig.Page, SampleUsage.Admin);
        Assert.Empty(await tab.EvaluateAsync<string[]>(FindCut));

        await tab.EvaluateAsync(breaks);

        Assert.NotEmpty(await tab.EvaluateAsync<string[]>(FindCut));
    }

    private async Task<IReadOnlyList<string>> CheckAsync(IPage tab, string path)
    {
        await tab.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await tab.GotoAsync(new Uri(rig.Page, path).ToString());
        await tab.EvaluateAsync("document.querySelectorAll('details').forEach(details => details.open = true)");
        var light = await LookAsync(tab, $"{path}, light");

        // The same page in other colours: of axe's rules, these change contrast alone.
        await tab.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        return [.. light, .. await LookAsync(tab, $"{path}, dark", "color-contrast")];
    }

    private static async Task<IReadOnlyList<string>> LookAsync(IPage tab, string name, params string[] rules)
    {
        var width = tab.ViewportSize!.Width;
        var wide = await tab.EvaluateAsync<int>("document.documentElement.scrollWidth");
        return
        [
            .. wide == width ? (string[])[] : [$"{name} is {wide} wide"],
            .. (await tab.EvaluateAsync<string[]>(FindCut)).Select(cut => $"{name}: {cut}"),
            .. (await Axe.FindAsync(tab, rules)).Select(rule => $"{name}: {rule}"),
        ];
    }
}

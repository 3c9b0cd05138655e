using Microsoft.Playwright;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>What visitors of the page do.</summary>
internal static class Visits
{
    /// <summary>Opens the page and signs in with <paramref name="key"/>.</summary>
    public static async Task<IPage> SignInAsync(this IBrowserContext context, Uri page, string key)
    {
        var tab = await context.NewPageAsync();
        await tab.GotoAsync(page.ToString());
        await tab.Locator("#key").FillAsync(key);
        await tab.Locator("main button").ClickAsync();
        return tab;
    }

    /// <summary>A table's figures with all their digits: by row, then by column; null where a cell has none.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, decimal?>>> TableAsync(this IPage tab, string id)
    {
        var columns = await tab.Locator($"#{id} thead th").AllTextContentsAsync();
        var rows = new Dictionary<string, IReadOnlyDictionary<string, decimal?>>();
        foreach (var row in await tab.Locator($"#{id} tbody tr, #{id} tfoot tr").AllAsync())
        {
            var html = await row.InnerHTMLAsync();
            var cells = html.Split("<td").Skip(1).Select(Value).ToArray();
            Assert.Equal(columns.Count - 1, cells.Length);
            rows.Add((await row.Locator("th").TextContentAsync())!.Trim(), columns.Skip(1).Zip(cells).ToDictionary(c => c.First, c => c.Second));
        }

        return rows;
    }

    private static decimal? Value(string cell)
        => cell.IndexOf("<data value=\"", StringComparison.Ordinal) is >= 0 and var start
            ? decimal.Parse(cell[(start + 13)..].Split('"')[0], System.Globalization.CultureInfo.InvariantCulture)
            : null;
}

using System.Globalization;
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
        await tab.FollowAsync(tab.Locator("main button"));
        return tab;
    }

    /// <summary>Clicks on what leads to another page, and waits until that is there.</summary>
    public static async Task FollowAsync(this IPage tab, ILocator link)
    {
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tab.DOMContentLoaded += OnLoaded;
        await link.ClickAsync();
        await loaded.Task.Guarded();
        tab.DOMContentLoaded -= OnLoaded;

        void OnLoaded(object? sender, IPage page) => loaded.TrySetResult();
    }

    /// <summary>A table's figures with all their digits: by row, then by column; null where a cell has none.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, decimal?>>> TableAsync(this IPage tab, string id)
    {
        var rows = await tab.Locator("#" + id).EvaluateAsync<string[][]>(
            "table => [...table.rows].map(row => [...row.cells].map(cell => cell.querySelector('data')?.value ?? cell.textContent.trim()))");
        return rows.Skip(1).ToDictionary(
            row => row[0],
            row => (IReadOnlyDictionary<string, decimal?>)rows[0].Zip(row).Skip(1).ToDictionary(cell => cell.First, cell => Number(cell.Second)));
    }

    /// <summary>A key's id as the page shortens it.</summary>
    public static string Short(string id) => $"{id[..8]}…{id[^4..]}";

    private static decimal? Number(string text)
        => decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

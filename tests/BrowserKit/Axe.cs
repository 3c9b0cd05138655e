using Microsoft.Playwright;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.BrowserKit;

/// <summary>axe-core, which finds what people with assistive technology can't use: too little contrast, fields without labels, roles that lie.</summary>
public static class Axe
{
    private static readonly Lazy<Task<string>> Source = new(ReadAsync);

    /// <summary>What is wrong with a page, one line for each rule that it breaks.</summary>
    /// <param name="tab">The page.</param>
    /// <param name="rules">The rules that are looked at; all if none is named.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(IPage tab, params string[] rules)
    {
        await tab.EvaluateAsync(await Source.Value);
        return await tab.EvaluateAsync<string[]>(
            """
            async rules => (await axe.run({ resultTypes: ['violations'], ...(rules.length ? { runOnly: rules } : {}) })).violations.map(v =>
                `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary.replace(/\s+/g, ' ')).join(' | ')} (${v.nodes.length})`)
            """,
            rules);
    }

    private static async Task<string> ReadAsync()
    {
        var folder = Repository.PathTo("tests", "BrowserKit", "npm");
        await NpmPackages.InstallAsync(folder);
        return await File.ReadAllTextAsync(Path.Combine(folder, "node_modules", "axe-core", "axe.min.js"));
    }
}

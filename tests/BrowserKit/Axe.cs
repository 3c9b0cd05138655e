using System.Diagnostics;
using Microsoft.Playwright;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.BrowserKit;

/// <summary>axe-core, which finds what people with assistive technology can't use: too little contrast, fields without labels, roles that lie.</summary>
public static class Axe
{
    private static readonly Lazy<Task<string>> Source = new(ReadAsync);

    /// <summary>What is wrong with a page, one line for each rule that it breaks.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IPage tab)
    {
        await tab.EvaluateAsync(await Source.Value);
        return await tab.EvaluateAsync<string[]>(
            """
            async () => (await axe.run({ resultTypes: ['violations'] })).violations.map(v =>
                `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary.replace(/\s+/g, ' ')).join(' | ')} (${v.nodes.length})`)
            """);
    }

    // test.sh has installed it, or else it is installed here.
    private static async Task<string> ReadAsync()
    {
        var folder = Path.Combine(Root(), "tests", "BrowserKit", "npm");
        var file = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        if (!File.Exists(file))
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"]) { WorkingDirectory = folder })!;
            await npm.WaitForExitAsync().Guarded();
        }

        return await File.ReadAllTextAsync(file);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OpenAIProxy.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests are not in their tree.");
        }

        return folder.FullName;
    }
}

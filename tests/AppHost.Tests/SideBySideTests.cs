using Aspire.Hosting.ApplicationModel;

namespace OpenAIProxy.AppHost.Tests;

/// <summary>Two apps of one tree at the same time.</summary>
public sealed class SideBySideTests(SharedApps apps)
{
    [Fact]
    public async Task Apps_AtTheSameTime_AreBothHealthyWithRedisFoldersOfTheirOwn()
    {
        var first = await apps.DemoAsync();
        var second = await apps.TracedAsync();
        await Task.WhenAll(first.HealthyAsync("cache"), first.HealthyAsync("gateway"));

        var folder = first.Resources.OfType<ExecutableResource>().Single(r => r.Name == "cache").WorkingDirectory;
        var process = second.Look().Single(p => p.CommandLine.StartsWith("redis-server ", StringComparison.Ordinal));
        var other = new FileInfo($"/proc/{process.Id}/cwd").LinkTarget;

        Assert.NotNull(other);
        Assert.True(Directory.Exists(Path.Combine(folder, "appendonlydir")));
        Assert.True(Directory.Exists(Path.Combine(other, "appendonlydir")));
        Assert.NotEqual(Path.GetFullPath(folder), other);
    }
}

using OpenAIProxy.EndToEnd.Tests.Running;

[assembly: AssemblyFixture(typeof(OpenAIProxy.EndToEnd.Tests.AspireCli.AspireTool))]

namespace OpenAIProxy.EndToEnd.Tests.AspireCli;

/// <summary>The Aspire CLI of this tree's tool manifest (<c>.config/dotnet-tools.json</c>), restored by the first test that needs it.</summary>
public sealed class AspireTool : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("openaiproxy-home-");
    private readonly Lazy<Task> _restored;

    public AspireTool() => _restored = new Lazy<Task>(RestoreAsync);

    /// <summary>A home of its own: there it would find every other app that runs from this tree, and end it.</summary>
    internal IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["HOME"] = _home.FullName,
        ["NUGET_PACKAGES"] = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
    };

    /// <summary>The options with which it asks nothing, builds nothing, and takes this tree's AppHost.</summary>
    internal static string[] Options { get; } = ["--apphost", Path.Combine("src", "AppHost", "AppHost.csproj"), "--no-build", "--non-interactive", "--nologo"];

    /// <summary>Returns when <c>dotnet aspire</c> can be used in this tree.</summary>
    public Task RestoredAsync() => _restored.Value;

    /// <summary>Runs <c>dotnet aspire</c> to its end.</summary>
    internal async Task<(int ExitCode, string Text)> RunAsync(params IEnumerable<string> arguments)
    {
        await RestoredAsync();
        var (exitCode, output, error) = await RunningCommand.RunAsync("dotnet", ["aspire", .. arguments], Environment);
        return (exitCode, output + error);
    }

    public void Dispose() => _home.Delete(recursive: true);

    private async Task RestoreAsync()
    {
        // Asks the feeds of the real home, then leaves its note in the other one.
        var feeds = Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "NuGet", "NuGet.Config");
        string[] config = File.Exists(feeds) ? ["--configfile", feeds] : [];
        var (exitCode, output, error) = await RunningCommand.RunAsync("dotnet", ["tool", "restore", .. config], Environment);
        Assert.True(exitCode == 0, output + error);
    }
}

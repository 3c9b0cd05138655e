using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>The command that writes the manifest, as <c>azd</c> runs it, less the build; and what it writes for a shell full of secrets.</summary>
public sealed class ManifestCommand : IAsyncLifetime
{
    // In the tree, as with a user: from elsewhere the way to the projects would lead through this machine's folders.
    private readonly string _folder = Path.Combine(AppContext.BaseDirectory, $"manifest-{Guid.NewGuid():N}");

    /// <summary>What stands in the shell, by the names of the variables.</summary>
    internal static IReadOnlyDictionary<string, string?> Secrets { get; } = new Dictionary<string, string?>
    {
        ["OPENAI_API_KEY"] = $"sk-{Guid.NewGuid():N}",
        ["FORWARD_KEY"] = $"fk-{Guid.NewGuid():N}",
        ["Internal__Token"] = $"internal-{Guid.NewGuid():N}",
        ["Billing__AdminToken"] = $"admin-{Guid.NewGuid():N}",
        ["ConnectionStrings__cache"] = $"127.0.0.1:6379,password={Guid.NewGuid():N}",
        ["ConnectionStrings__ledger"] = $"Host=127.0.0.1;Password={Guid.NewGuid():N}",
    };

    internal Manifest Manifest { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        Manifest = await PublishAsync();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Publishes with more arguments.</summary>
    internal async Task<Manifest> PublishAsync(params IEnumerable<string> more)
    {
        var (exitCode, text, file) = await RunAsync(more);
        Assert.True(exitCode == 0 && File.Exists(file), text);
        return new Manifest(file, await File.ReadAllTextAsync(file));
    }

    /// <summary>Runs the command with more arguments. Returns its exit code, all it said, and the file that it was to write.</summary>
    internal async Task<(int ExitCode, string Text, string File)> RunAsync(params IEnumerable<string> more)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        var (exitCode, output, error) = await RunningCommand.RunAsync(
            "dotnet",
            ["run", "--project", "src/AppHost", "--no-build", "-c", Tree.Configuration, "--", "--publisher", "manifest", "--output-path", file, .. more],
            Secrets);
        return (exitCode, output + error, file);
    }
}

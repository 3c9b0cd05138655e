namespace OpenAIProxy.Standalone.Tests;

/// <summary>The process as systemd starts it.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-unit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Unit_OfTypeNotify_IsToldReadyAndStopping()
    {
        using var systemd = new NotifySocket(Path.Combine(_folder.FullName, "notify"));
        await using var process = await StartAsync(("NOTIFY_SOCKET", systemd.Path));

        Assert.Equal("READY=1", await systemd.ReceiveAsync());
        Assert.Contains("chat.completion", await process.ChatAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await process.StopAsync());
        Assert.Equal("STOPPING=1", await systemd.ReceiveAsync());
        // <6>: information, as sd-daemon(3) has it.
        Assert.Matches(@"(?m)^<6>.*Now listening on", process.Output);
        Assert.DoesNotMatch("(?m)^info:", process.Output);
    }

    [Fact]
    public async Task StateDirectory_OfAUnit_IsTheDataFolder()
    {
        var state = Path.Combine(_folder.FullName, "state");
        await using var process = await StartAsync(("STATE_DIRECTORY", $"{state}:/nowhere/else"));

        Assert.Contains(state, process.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(state, "ledger.db", SearchOption.AllDirectories));
    }

    private Task<StandaloneProcess> StartAsync((string Name, string Value) variable) => StandaloneProcess.StartAsync(
        [StandaloneProcess.Program],
        new Dictionary<string, string?> { ["XDG_STATE_HOME"] = _folder.FullName, [variable.Name] = variable.Value },
        ["--demo"]);
}

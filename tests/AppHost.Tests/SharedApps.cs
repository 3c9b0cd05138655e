using OpenAIProxy.AppHost.Tests.Running;

[assembly: AssemblyFixture(typeof(OpenAIProxy.AppHost.Tests.SharedApps))]

namespace OpenAIProxy.AppHost.Tests;

/// <summary>Running demos for all tests that only look at them or use them. Each is started by the first test that asks for it.</summary>
public sealed class SharedApps : IAsyncLifetime
{
    /// <summary>The operator's key in the shell of <see cref="TracedAsync"/>.</summary>
    public const string OperatorKey = "sk-secret-of-the-operator";

    /// <summary>The access key in the shell of <see cref="TracedAsync"/>.</summary>
    public const string AccessKey = "fk-secret-of-a-caller";

    private Task<TestedApp>? _demo;
    private Task<AppHostProcess>? _traced;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await DisposeAsync(_traced);
        }
        finally
        {
            await DisposeAsync(_demo);
        }
    }

    /// <summary>A demo whose AppHost is in the test process.</summary>
    internal Task<TestedApp> DemoAsync() => _demo ??= TestedApp.StartAsync(["--demo", "--port", "0"]);

    /// <summary>A demo whose AppHost is a process, in a shell with keys, and logs all it can. It makes all other secrets itself.</summary>
    internal Task<AppHostProcess> TracedAsync() => _traced ??= StartTracedAsync();

    private static async Task<AppHostProcess> StartTracedAsync()
    {
        var app = AppHostProcess.Start(
            ["--demo", "--port", "0", "--cache", "process"], [("OPENAI_API_KEY", OperatorKey), ("FORWARD_KEY", AccessKey), .. AppHostProcess.TraceLogging]);
        try
        {
            await app.ReadyAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task DisposeAsync<T>(Task<T>? start)
        where T : IAsyncDisposable
    {
        // A start that failed has cleaned up, and its test has said why.
        if (start is { IsCompletedSuccessfully: true })
        {
            await (await start).DisposeAsync();
        }
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Simulator.Recording;

namespace OpenAIProxy.TestKit;

/// <summary>The OpenAI-compatible upstream of <c>src/Simulator</c>, inside the test process, on a real socket of its own.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SimulatorHost(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What reached it, under the ids of <c>x-sim-record</c>.</summary>
    public RequestRecorder Recorder => _app.Services.GetRequiredService<RequestRecorder>();

    /// <summary>What it has answered. Only with <c>("Simulator:Tally", "true")</c>.</summary>
    public Tally Tally => _app.Services.GetRequiredService<Tally>();

    /// <summary>Starts a simulator with settings such as <c>("Simulator:Billing", "SessionKey")</c>.</summary>
    public static async Task<SimulatorHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var app = ProcessEnvironment.Build(() => Simulator.Program.Build(
        [
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None",
            .. settings.Select(s => $"--{s.Name}={s.Value}"),
        ]));
        await app.StartAsync().Guarded();
        return new SimulatorHost(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.EndAsync();
}

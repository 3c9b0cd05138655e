using OpenAIProxy.ServiceDefaults.Telemetry;

namespace OpenAIProxy.Standalone.Hosting;

/// <summary>The simulator inside this process, as an upstream that needs no key.</summary>
internal sealed class Demo : IAsyncDisposable
{
    private readonly WebApplication _simulator;

    private Demo(WebApplication simulator) => _simulator = simulator;

    /// <summary>Where it listens: a free port of this machine alone.</summary>
    public Uri Address => new(_simulator.Urls.First());

    /// <summary>Starts one that answers as OpenAI does today, as that of the AppHost.</summary>
    public static async Task<Demo> StartAsync()
    {
        var simulator = Simulator.Program.Build(
        [
            "--urls=http://127.0.0.1:0", "--Simulator:ChunkDelay=20ms", "--Simulator:Billing=SessionKey", $"--{TelemetryExtensions.EndpointVariable}=",
        ]);
        await simulator.StartAsync();
        return new Demo(simulator);
    }

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();
}

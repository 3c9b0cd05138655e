using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Gateway.Tests.Telemetry;

/// <summary>A collector must not hold up a service that is told to stop.</summary>
public sealed class StopTests
{
    // Three providers that each wait five seconds take longer.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(9);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_WithADeadCollector_IsSoon(bool takesConnections)
    {
        // The system takes connections for it; it never reads.
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:1"), ("OpenAI:ApiKey", Keys.Operator),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", takesConnections ? $"http://{collector.LocalEndpoint}" : "http://127.0.0.1:1"),
            // As Aspire sets it.
            ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory"));
        using var answer = await gateway.Client.GetAsync("/v1/models");

        var started = Stopwatch.GetTimestamp();
        await gateway.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Soon);
    }
}

using OpenAIProxy.EndToEnd.Tests.Otlp;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Telemetry;

/// <summary>Which calls a collector gets to see when it is sent a share of the traces only.</summary>
public sealed class SamplingTests
{
    // Milliseconds. Well beyond what a fast call takes on a busy machine.
    private const string Slow = "5000";

    [Fact]
    public async Task Calls_WithASampleRatioOfZero_AreSentWhereTheyFailedOrWereSlow()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var simulator = await SimulatorHost.StartAsync();
        await using (var gateway = await StartAsync(simulator, collector, ("Telemetry:SampleRatio", "0"), ("Telemetry:SlowAfter", $"{Slow}ms")))
        {
            await SendAsync(gateway, "fast");
            await SendAsync(gateway, "failed", ("x-sim-status", "500"));
            await SendAsync(gateway, "refused", ("x-sim-status", "404"));
            await SendAsync(gateway, "slow", ("x-sim-first-byte-ms", Slow));
        }

        // The gateway has ended, and with it the export. The call to the upstream stands below each.
        Assert.Equal(["failed", "refused", "slow"], CallsOf(collector));
        Assert.All(collector.Spans.Where(IsCall), call => Assert.Contains(collector.Spans, s => s.ParentId == call.Id));
    }

    [Fact]
    public async Task Calls_WithoutASampleRatio_AreAllSent()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var simulator = await SimulatorHost.StartAsync();
        await using (var gateway = await StartAsync(simulator, collector))
        {
            await SendAsync(gateway, "fast");
            await SendAsync(gateway, "failed", ("x-sim-status", "500"));
        }

        Assert.Equal(["failed", "fast"], CallsOf(collector));
    }

    private static Task<GatewayHost> StartAsync(SimulatorHost simulator, OtlpReceiver collector, params (string, string)[] settings)
        => GatewayHost.StartAsync(
            simulator.Address,
            // The simulator is in this process, too, and would begin traces of its own.
            [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpAddress), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OpenAI:PropagateTrace", "true"),
                .. settings]);

    private static async Task SendAsync(GatewayHost gateway, string name, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/files/sampled-{name}/content");
        request.Headers.Add("Authorization", "Bearer sk-sampled");
        foreach (var (header, value) in headers)
        {
            request.Headers.Add(header, value);
        }

        using var answer = await gateway.Client.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
    }

    // Other tests of this process have gateways, too: their spans come along.
    private static IEnumerable<string> CallsOf(OtlpReceiver collector)
        => collector.Spans.Where(IsCall).Select(s => s.Attributes["url.path"].Split('-')[1].Split('/')[0]).Order();

    private static bool IsCall(Span span)
        => span is { Kind: SpanKind.Server, Service: "gateway", ParentId: "" }
            && span.Attributes.TryGetValue("url.path", out var path) && path.StartsWith("/v1/files/sampled-", StringComparison.Ordinal);
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using OpenAIProxy.EndToEnd.Tests.Otlp;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Telemetry;

/// <summary>What a collector gets to see of the running app.</summary>
public sealed class TelemetryTests
{
    // Any address of 127.0.0.0/8 is this machine; nothing else uses this one, so it can only be seen as the caller's.
    private const string CallerAddress = "127.77.66.55";
    private const string ForwardedAddress = "203.0.113.77";

    private static readonly string[] Services = ["gateway", "billing"];

    // Soon, so that a test doesn't wait.
    private static readonly (string, string?)[] Soon =
        [("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_BLRP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "500"), ("Simulator__RecordAll", "true")];

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task BillingQuery_WithAnOtlpEndpoint_IsOneTraceThroughGatewayAndBilling(string protocol)
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var app = App.StartDemo(
        [
            .. Soon,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", protocol == "grpc" ? collector.GrpcAddress : collector.HttpAddress),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ]);
        var banner = await app.ReadyAsync();
        Assert.StartsWith("on", banner.Telemetry, StringComparison.Ordinal);
        var keys = Enumerable.Range(0, 3).Select(_ => DemoApp.NewKey()).ToArray();

        using var client = FromCaller(banner.Address);
        await SendAsync(client, HttpMethod.Get, "/billing/credit_grants", keys[0]);
        await SendAsync(client, HttpMethod.Post, $"/v1/chat/completions?key={keys[1]}", keys[2], """{"model":"gpt-4o-mini","messages":[]}""");
        await collector.WaitAsync(c => c.Spans.Any(IsBillingQuery), "the gateway's span of the billing query");
        var trace = collector.Spans.Single(IsBillingQuery).TraceId;
        await collector.WaitAsync(c => c.Spans.Any(s => s.TraceId == trace && s is { Service: "billing", Kind: SpanKind.Server }), "billing's server span");
        await collector.WaitAsync(
            c => Services.All(service => c.Metrics.Any(m => m.Service == service && m.Name == "http.server.request.duration")), "a request's duration from both");
        await collector.WaitAsync(
            c => c.Logs.Any(l => l.Service == "gateway" && l.Text.StartsWith("Forwarding to", StringComparison.Ordinal)), "the gateway's log");

        var spans = collector.Spans.Where(s => s.TraceId == trace).ToArray();
        var gatewayServer = Assert.Single(spans, s => s is { Service: "gateway", Kind: SpanKind.Server });
        var billingServer = Assert.Single(spans, s => s is { Service: "billing", Kind: SpanKind.Server });
        var gatewayClient = spans.Single(s => s.Id == billingServer.ParentId);
        Assert.Empty(gatewayServer.ParentId);
        Assert.Equal(("gateway", SpanKind.Client), (gatewayClient.Service, gatewayClient.Kind));
        Assert.Contains(gatewayServer, Ancestors(gatewayClient, spans));
        var billingClients = spans.Where(s => s is { Service: "billing", Kind: SpanKind.Client }).ToArray();
        Assert.NotEmpty(billingClients);
        Assert.All(billingClients, s => Assert.Contains(billingServer, Ancestors(s, spans)));

        Assert.All(["sk-demo", CallerAddress, ForwardedAddress, .. keys], secret => Assert.DoesNotContain(secret, collector.Everything, StringComparison.Ordinal));
        await AssertUpstreamSawNoTraceAsync(client);
    }

    [Fact]
    public async Task App_WithoutAnOtlpEndpoint_ConnectsToNoCollector()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        // Whether there is telemetry is said by OTEL_EXPORTER_OTLP_ENDPOINT alone; an exporter that is there all the same would go where these say.
        await using var app = App.StartDemo(
        [
            .. Soon,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", null),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.HttpAddress + "/v1/traces"),
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", collector.HttpAddress + "/v1/metrics"),
            ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", collector.HttpAddress + "/v1/logs"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ]);
        var banner = await app.ReadyAsync();
        Assert.StartsWith("off", banner.Telemetry, StringComparison.Ordinal);
        using var client = FromCaller(banner.Address);
        await SendAsync(client, HttpMethod.Get, "/billing/credit_grants", DemoApp.NewKey());
        await AssertUpstreamSawNoTraceAsync(client);

        // Exporters send the rest when they end.
        app.PressCtrlC();
        await app.GoneAsync();

        Assert.Equal(0, collector.Connections);
    }

    private static bool IsBillingQuery(Span span)
        => span is { Service: "gateway", Kind: SpanKind.Server } && span.Name.Contains("/billing", StringComparison.Ordinal);

    private static IEnumerable<Span> Ancestors(Span span, IReadOnlyCollection<Span> spans)
    {
        for (var parent = spans.FirstOrDefault(s => s.Id == span.ParentId); parent is not null; parent = spans.FirstOrDefault(s => s.Id == parent.ParentId))
        {
            yield return parent;
        }
    }

    private static HttpClient FromCaller(Uri address) => new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(CallerAddress), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = address, Timeout = HangGuard.Limit };

    private static async Task SendAsync(HttpClient client, HttpMethod method, string target, string key, string? json = null)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("X-Forwarded-For", ForwardedAddress);
        request.Content = json is null ? null : new StringContent(json, new MediaTypeHeaderValue("application/json"));
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task AssertUpstreamSawNoTraceAsync(HttpClient client)
    {
        // The gateway forwards what it doesn't know, also the simulator's record of what has reached it.
        var requests = JsonElement.Parse(await client.GetStringAsync("/sim/requests"));
        Assert.NotEqual(0, requests.GetArrayLength());
        var names = requests.EnumerateArray().SelectMany(r => r.GetProperty("headers").EnumerateArray()).Select(h => h[0].GetString()!.ToUpperInvariant()).ToArray();
        Assert.NotEmpty(names);
        Assert.All(["TRACEPARENT", "TRACESTATE", "BAGGAGE", "REQUEST-ID"], name => Assert.DoesNotContain(name, names));
    }
}

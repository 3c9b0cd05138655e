using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using OpenAIProxy.EndToEnd.Tests.Demo;
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

    private static readonly string[] Services = ["billing", "gateway", "simulator"];

    // Soon, so that a test doesn't wait; and all of it, as Aspire asks for in development: else the pings of health probes are not seen anyway.
    private static readonly (string, string?)[] Soon =
        [("OTEL_TRACES_SAMPLER", "always_on"), ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_BLRP_SCHEDULE_DELAY", "100"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "500"), ("Simulator__RecordAll", "true")];

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Calls_WithAnOtlpEndpoint_AreOneTraceEachThroughAllServices(string protocol)
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var address = protocol == "grpc" ? collector.GrpcAddress : collector.HttpAddress;
        await using var app = App.StartDemo([.. Soon, ("OTEL_EXPORTER_OTLP_ENDPOINT", address), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)]);
        var banner = await app.ReadyAsync();
        Assert.Equal($"to {address}", banner.Telemetry);
        var keys = Enumerable.Range(0, 3).Select(_ => DemoApp.NewKey()).ToArray();
        var redis = new Redis(app);

        using var client = FromCaller(banner.Address);
        await SendAsync(client, HttpMethod.Post, $"/v1/chat/completions?key={keys[1]}", keys[2], """{"model":"gpt-4o-mini","messages":[]}""");
        // The first one also settles what the second one doesn't ask Redis for again.
        await SendAsync(client, HttpMethod.Get, "/billing/credit_grants", keys[0]);
        var before = await redis.CallsAsync("get");
        await SendAsync(client, HttpMethod.Get, "/billing/credit_grants", keys[0]);
        var lookups = await redis.CallsAsync("get") - before;

        await AssertChatIsOneTraceAsync(collector);
        await AssertBillingQueryIsOneTraceAsync(collector, lookups);
        await collector.WaitAsync(
            c => Services.All(service => c.Metrics.Any(m => m.Service == service && m.Name == "http.server.request.duration")),
            "a request's duration from all");
        await collector.WaitAsync(
            c => c.Logs.Any(l => l.Service == "gateway" && l.Text.StartsWith("Forwarding to", StringComparison.Ordinal)), "the gateway's log");

        // The dashboard has spans of its own, which are nobody's business; pings and probes are noise.
        Assert.Equal(
            Services, collector.Spans.Select(s => s.Service).Concat(collector.Metrics.Select(m => m.Service))
                .Concat(collector.Logs.Select(l => l.Service)).Distinct().Order());
        Assert.DoesNotContain(collector.Spans, s => s.Name == "PING" || s.Name.Contains("/health", StringComparison.Ordinal));
        Assert.All(collector.Spans.Where(s => s.Scope.Contains("Redis", StringComparison.Ordinal)), s => Assert.NotEmpty(s.ParentId));
        Assert.All(["sk-demo", CallerAddress, ForwardedAddress, .. keys], secret
            => Assert.DoesNotContain(secret, collector.Everything, StringComparison.Ordinal));
    }

    [Fact]
    public async Task App_WithoutAnOtlpEndpoint_SendsToTheDashboardAndConnectsToNoCollector()
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
            // As outside of demos.
            ("OpenAI__PropagateTrace", "false"),
        ]);
        var banner = await app.ReadyAsync();
        Assert.Equal("to the dashboard", banner.Telemetry);
        using var client = FromCaller(banner.Address);
        await SendAsync(client, HttpMethod.Get, "/billing/credit_grants", DemoApp.NewKey());
        await AssertUpstreamSawNoTraceAsync(client);

        // Exporters send the rest when they end.
        app.PressCtrlC();
        await app.GoneAsync();

        Assert.Equal(0, collector.Connections);
    }

    private static async Task AssertChatIsOneTraceAsync(OtlpReceiver collector)
    {
        await collector.WaitAsync(c => c.Spans.Any(IsChat), "the gateway's span of the chat");
        var server = Assert.Single(collector.Spans, IsChat);
        await collector.WaitAsync(c => c.Spans.Any(s => s.TraceId == server.TraceId && s.Service == "simulator"), "the simulator's span");
        await collector.WaitAsync(c => c.Spans.Any(s => s.ParentId == server.Id), "the gateway's client span");

        var spans = collector.Spans.Where(s => s.TraceId == server.TraceId).ToArray();
        Assert.Empty(server.ParentId);
        var call = Assert.Single(spans, s => s is { Service: "gateway", Kind: SpanKind.Client });
        Assert.Equal(("chat gpt-4o-mini", server.Id), (call.Name, call.ParentId));
        Assert.Equal(
            ("chat", "openai", "gpt-4o-mini"),
            (call.Attributes["gen_ai.operation.name"], call.Attributes["gen_ai.provider.name"], call.Attributes["gen_ai.request.model"]));
        Assert.StartsWith("gpt-4o-mini", call.Attributes["gen_ai.response.model"], StringComparison.Ordinal);
        Assert.NotEqual("0", call.Attributes["gen_ai.usage.input_tokens"]);
        Assert.NotEqual("0", call.Attributes["gen_ai.usage.output_tokens"]);
        var simulator = Assert.Single(spans, s => s.Service == "simulator");
        Assert.Equal((SpanKind.Server, call.Id), (simulator.Kind, simulator.ParentId));
        Assert.Equal(3, spans.Length);
    }

    // The second query: what the first one found is in Redis, and each look there is one span.
    private static async Task AssertBillingQueryIsOneTraceAsync(OtlpReceiver collector, long lookups)
    {
        await collector.WaitAsync(c => c.Spans.Count(IsBillingQuery) == 2, "the gateway's spans of the billing queries");
        var trace = collector.Spans.Where(IsBillingQuery).MaxBy(s => s.Start)!.TraceId;
        await collector.WaitAsync(c => c.Spans.Any(s => s.TraceId == trace && s is { Service: "billing", Kind: SpanKind.Server }), "billing's server span");
        // The client hands them over every ten seconds.
        await collector.WaitAsync(c => c.Spans.Any(s => s.TraceId == trace && s.Scope.Contains("Redis", StringComparison.Ordinal)), "spans of Redis");

        var spans = collector.Spans.Where(s => s.TraceId == trace).ToArray();
        var gatewayServer = Assert.Single(spans, s => s is { Service: "gateway", Kind: SpanKind.Server });
        var gatewayClient = Assert.Single(spans, s => s is { Service: "gateway", Kind: SpanKind.Client });
        var billingServer = Assert.Single(spans, s => s is { Service: "billing", Kind: SpanKind.Server });
        Assert.Equal(("", gatewayServer.Id, gatewayClient.Id), (gatewayServer.ParentId, gatewayClient.ParentId, billingServer.ParentId));
        var ofBilling = spans.Where(s => s is { Service: "billing", Kind: SpanKind.Client }).ToArray();
        Assert.All(ofBilling, s => Assert.Equal(("GET", billingServer.Id), (s.Name, s.ParentId)));
        Assert.Equal(lookups, ofBilling.Length);
    }

    private static bool IsBillingQuery(Span span)
        => span is { Service: "gateway", Kind: SpanKind.Server } && span.Name.Contains("/billing", StringComparison.Ordinal);

    private static bool IsChat(Span span)
        => span is { Service: "gateway", Kind: SpanKind.Server } && span.Name.Contains("/v1/chat", StringComparison.Ordinal);

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
        var names = requests.EnumerateArray().SelectMany(r => r.GetProperty("headers").EnumerateArray())
            .Select(h => h[0].GetString()!.ToUpperInvariant()).ToArray();
        Assert.NotEmpty(names);
        Assert.All(["TRACEPARENT", "TRACESTATE", "BAGGAGE", "REQUEST-ID"], name => Assert.DoesNotContain(name, names));
    }
}

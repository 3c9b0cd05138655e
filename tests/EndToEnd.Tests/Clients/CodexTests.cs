using OpenAIProxy.Simulator.Recording;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Clients;

/// <summary>OpenAI's own Codex, <c>codex exec</c>, through a gateway that holds the key and is called with an access key.</summary>
public sealed class CodexTests(Codex codex) : IClassFixture<Codex>
{
    private const string OperatorKey = "sk-operator-of-codex";
    private const string AccessKey = "fk-user-of-codex";

    [Fact]
    public async Task Exec_OverAWebSocket_GetsItsAnswer()
    {
        var (output, requests) = await AskAsync(upstreamHasSockets: true, "supports_websockets = true");

        Assert.Contains("from the simulator", output, StringComparison.Ordinal);
        Assert.NotEmpty(requests);
        Assert.All(requests, r => Assert.Equal(("GET", "websocket"), (r.Method, Header(r, "Upgrade"))));
    }

    [Fact]
    public async Task Exec_OverHttp_GetsItsAnswer()
    {
        var (output, requests) = await AskAsync(upstreamHasSockets: true, "supports_websockets = false");

        Assert.Contains("from the simulator", output, StringComparison.Ordinal);
        Assert.Equal(["POST"], requests.Select(r => r.Method));
    }

    [Fact]
    public async Task Exec_WhereTheUpstreamHasNoWebSocket_GoesOverToHttpAtOnce()
    {
        var (output, requests) = await AskAsync(upstreamHasSockets: false, "supports_websockets = true");

        Assert.Contains("from the simulator", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Reconnecting", output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["GET", "POST"], requests.Select(r => r.Method));
    }

    private async Task<(string Output, IReadOnlyList<RecordedRequest> Requests)> AskAsync(bool upstreamHasSockets, string transport)
    {
        await using var simulator = await SimulatorHost.StartAsync(
            ("Simulator:RecordAll", "true"), ("Simulator:Sockets", upstreamHasSockets ? "true" : "false"));
        await using var gateway = await GatewayHost.StartAsync(simulator.Address, ("OpenAI:ApiKey", OperatorKey), ("Access:Keys", AccessKey));

        var output = await codex.ExecAsync(new Uri(gateway.Address, "/v1"), AccessKey, transport);

        var requests = simulator.Recorder.All().Where(r => r.Target == "/v1/responses").ToArray();
        Assert.All(requests, r => Assert.Equal($"Bearer {OperatorKey}", Header(r, "Authorization")));
        return (output, requests);
    }

    private static string? Header(RecordedRequest request, string name)
        => request.Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

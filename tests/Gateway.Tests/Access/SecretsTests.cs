using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>After successes and failures of every kind: no key and no client's address in any log line at any level, nor in any error body.</summary>
public sealed class SecretsTests
{
    private const string ClientAddress = "203.0.113.77";
    private const string QueryKey = "sk-query-T3BlbkFJquerysecret";
    private const string ProxyPassword = "proxypasswordsecret";

    private static readonly string[] Secrets =
    [
        Keys.Operator, Keys.SecondOperator, Keys.Caller, Keys.Access, Keys.SecondAccess, Keys.UnknownAccess, QueryKey, ProxyPassword, ClientAddress,
        GatewayHost.InternalToken,
        "operatorsecret", "secondsecret", "callersecret", "accesssecret", "unknownsecret", "querysecret",
    ];

    [Fact]
    public async Task LogsAndErrors_AfterSuccessesAndFailures_HoldNoSecret()
    {
        (string, string)[] settings =
        [
            ("OpenAI:ApiKey", $"{Keys.Operator} {Keys.SecondOperator}"),
            ("Access:Keys", $"{Keys.Access} {Keys.SecondAccess}"),
            ("Access:TrustedProxies", "127.0.0.1"),
            ("Access:AllowedOrigins", "https://chat.example"),
        ];
        await using var rig = await Rig.StartAsync(settings);
        // Another one: on a busy machine any of the exchanges may take longer than that.
        await using var impatient = await Rig.StartAsync([.. settings, ("Forwarding:FirstByteTimeout", "500ms")]);
        var bodies = new List<string>();

        foreach (var key in new[] { Keys.Access, Keys.SecondAccess, Keys.Caller, "" })
        {
            foreach (var answer in new[] { Rig.Ok, Failure("401 Unauthorized"), Failure("500 Internal Server Error"), "no HTTP\r\n\r\n", "" })
            {
                bodies.Add((await rig.ExchangeAsync(Post(key, "/v1/chat/completions"), answer)).Answer.Text);
            }
        }

        foreach (var refused in new[]
        {
            Post(Keys.UnknownAccess, "/v1/responses"),
            Rig.Request("POST /v1/responses", "Content-Length: 2") + "{}",
            Post(Keys.Caller, "/billing/credit_grants"),
            Rig.Request($"TRACE /v1/models?key={QueryKey}", $"Authorization: Bearer {Keys.Caller}"),
            Rig.Request($"POST /v1/models?key={QueryKey}", "Content-Length: 1", "Transfer-Encoding: chunked", $"Authorization: Bearer {Keys.Caller}"),
            Rig.Request($"GET /v1/models?key={QueryKey}", $"Broken Header: {Keys.Caller}", $"Authorization: Bearer {Keys.Caller}"),
            Rig.Request($"GET /v1/models?key={QueryKey}", $"Authorization: Bearer {Keys.Caller}\0"),
        })
        {
            bodies.Add((await rig.RefusedAsync(refused)).Text);
        }

        await TimeOutAsync(impatient);
        await BreakInTheMiddleAsync(rig);
        await LeaveAsync(rig);
        await FailAWebSocketAsync(rig);

        AssertNoSecret(rig.Gateway.Logs, bodies);
        AssertNoSecret(impatient.Gateway.Logs, bodies);
    }

    [Fact]
    public async Task Logs_WhenTheUpstreamIsAway_HoldNoSecret()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:1"),
            ("OpenAI:ApiKey", Keys.Operator),
            ("Forwarding:Proxy", $"http://user:{ProxyPassword}@127.0.0.1:1"),
            ("services:billing:http:0", "http://127.0.0.1:1"));
        var bodies = new List<string>();
        foreach (var path in new[] { "/v1/models", "/billing/credit_grants", "/dashboard/billing/usage" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?key={QueryKey}");
            request.Headers.Add("Authorization", $"Bearer {Keys.Caller}");
            using var answer = await gateway.Client.SendAsync(request);
            bodies.Add(await answer.Content.ReadAsStringAsync());
        }

        AssertNoSecret(gateway.Logs, bodies);
    }

    [Fact]
    public async Task Logs_OfRequests_AreOneLineAtDebugAndNoneAtInformation()
    {
        await using var rig = await Rig.StartAsync();
        await rig.ExchangeAsync(Rig.Request("GET /v1/warm-up"));
        var before = rig.Gateway.Logs.Entries.Count;

        for (var i = 0; i < 3; i++)
        {
            await rig.ExchangeAsync(Rig.Request($"GET /v1/marked-{i}?key=x"));
        }

        // A line may be written after its answer has come, and these three came on three connections.
        await HangGuard.Until(
            () => Enumerable.Range(0, 3).All(
                i => rig.Gateway.Logs.Find($"/v1/marked-{i}").Any(e => e.Category.StartsWith("OpenAIProxy", StringComparison.Ordinal))),
            "the log lines");
        var since = rig.Gateway.Logs.Entries.Skip(before).ToArray();
        Assert.DoesNotContain(since, e => e.Level >= LogLevel.Information && !e.TellsOfABusyMachine);
        for (var i = 0; i < 3; i++)
        {
            var own = Assert.Single(
                since, e => e.Category.StartsWith("OpenAIProxy", StringComparison.Ordinal) && e.Text.Contains($"/v1/marked-{i}", StringComparison.Ordinal));
            Assert.Equal(LogLevel.Debug, own.Level);
        }

        Assert.Empty(rig.Gateway.Logs.Find("key=x"));
    }

    [Fact]
    public async Task HomePage_ShowsNoSecret()
    {
        await using var rig = await Rig.StartAsync(("Access:Keys", Keys.Access));

        var page = await rig.Client.GetStringAsync("/");

        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, page, StringComparison.Ordinal));
    }

    private static string Post(string key, string path) => Rig.Request(
        $"POST {path}?api-key={QueryKey}&x=1",
        key.Length > 0 ? $"Authorization: Bearer {key}" : "X-None: 1",
        $"X-Forwarded-For: {ClientAddress}",
        "Origin: https://chat.example",
        "Content-Length: 2") + "{}";

    private static string Failure(string status)
        => $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}";

    private static async Task TimeOutAsync(Rig rig)
    {
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Post(Keys.Caller, "/v1/responses"));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        Assert.Equal(504, (await client.ReadMessageAsync()).Head.Status);
    }

    private static async Task BreakInTheMiddleAsync(Rig rig)
    {
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Post(Keys.Access, "/v1/responses"));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.ReadHeadAsync();
        connection.Reset();
        await client.WaitForEndAsync();
    }

    private static async Task LeaveAsync(Rig rig)
    {
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Post(Keys.Caller, "/v1/responses"));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        client.Reset();
        await connection.WaitForEndAsync();
    }

    private static async Task FailAWebSocketAsync(Rig rig)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("realtime");
        socket.Options.AddSubProtocol("openai-insecure-api-key." + Keys.Caller);
        var connecting = socket.ConnectAsync(rig.Gateway.WebSocketAddress($"/v1/realtime?key={QueryKey}"), CancellationToken.None);
        await rig.Upstream.AnswerAsync(Failure("401 Unauthorized"));
        await Assert.ThrowsAsync<WebSocketException>(() => connecting.Guarded());
    }

    private static void AssertNoSecret(LogSink logs, List<string> bodies)
    {
        Assert.NotEmpty(logs.Entries);
        var found = new StringBuilder();
        foreach (var secret in Secrets)
        {
            foreach (var entry in logs.Find(secret))
            {
                found.AppendLine(null, $"{secret} in {entry}");
            }

            foreach (var body in bodies.Where(b => b.Contains(secret, StringComparison.Ordinal)))
            {
                found.AppendLine(null, $"{secret} in the body {body}");
            }
        }

        Assert.True(found.Length == 0, found.ToString());
    }
}

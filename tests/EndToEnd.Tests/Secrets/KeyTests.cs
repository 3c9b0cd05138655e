using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Secrets;

/// <summary>The app as its operator runs it, with keys of every kind on every way: they reach the upstream, and nothing that is written.</summary>
public sealed class KeyTests
{
    private readonly string _operatorKey = DemoApp.NewKey();
    private readonly string _accessKey = $"fk-e2e-{Guid.NewGuid():N}";

    [Fact]
    public async Task Keys_OfOperatorAndCallers_AreInNoOutputAndOnNoCommandLine()
    {
        await using var upstream = await SimulatorHost.StartAsync(("Simulator:RecordAll", "true"));
        await using var app = App.Start(
            ["--port", $"{FreePort.Take()}"],
            ("OPENAI_BASE_URL", upstream.Address.ToString()), ("OPENAI_API_KEY", _operatorKey), ("FORWARD_KEY", _accessKey),
            ("Logging__LogLevel__Default", "Trace"), ("Logging__LogLevel__Microsoft", "Trace"));
        var banner = await app.ReadyAsync();
        AssertOnlyTheGatewayHasThem(app);
        Assert.Equal(upstream.Address, new Uri(banner.Upstream));
        Assert.StartsWith("1 ", banner.Keys, StringComparison.Ordinal);
        Assert.Equal("in a shell where FORWARD_KEY is set", banner.Hint);
        await AssertCurlAnswersItsOperatorOnlyAsync(banner);
        var callerKeys = Enumerable.Range(0, 5).Select(_ => DemoApp.NewKey()).ToArray();
        using var client = new HttpClient { BaseAddress = banner.Address, Timeout = HangGuard.Limit };

        await AskAsync(client, "/v1/models", ("Authorization", "Bearer " + callerKeys[0]));
        await AskAsync(client, "/v1/models", ("api-key", callerKeys[1]));
        await AskAsync(client, $"/v1/models?key={callerKeys[2]}&api_key={callerKeys[2]}", ("Authorization", "Bearer " + _accessKey));
        await AskAsync(client, "/v1/none", ("Authorization", "Bearer " + callerKeys[3]));
        await AskAsync(client, "/v1/chat/completions", ("Authorization", "Bearer " + callerKeys[0]), ("x-sim-fault", "reset"));
        await AskAsync(client, "/billing/credit_grants", ("Authorization", "Bearer " + callerKeys[0]));
        await AskAsync(client, $"/billing/credit_grants?start_date=never&key={callerKeys[2]}", ("Authorization", "Bearer " + callerKeys[3]));
        await AskAsync(client, $"/healthz?key={callerKeys[2]}");
        await AskAsync(client, $"/?key={callerKeys[2]}");
        await SpeakAsync(banner.Address, "openai-insecure-api-key." + callerKeys[4]);
        var commandLines = string.Join('\n', app.Look());
        app.PressCtrlC();
        await app.GoneAsync();

        var headers = upstream.Recorder.All().SelectMany(r => r.Headers).ToArray();
        var seen = headers.Where(h => h.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToHashSet();
        Assert.Contains("Bearer " + _operatorKey, seen);
        Assert.All([0, 3, 4], i => Assert.Contains("Bearer " + callerKeys[i], seen));
        Assert.Contains(headers, h => h.Key.Equals("api-key", StringComparison.OrdinalIgnoreCase) && h.Value == callerKeys[1]);
        Assert.DoesNotContain(headers, h => h.Value.Contains(_accessKey, StringComparison.Ordinal));
        Assert.All([_operatorKey, _accessKey, .. callerKeys], key =>
        {
            Assert.DoesNotContain(key, app.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(key, commandLines, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Keys_OfTheOperator_AreGivenToTheGatewayOnly()
    {
        await using var upstream = await SimulatorHost.StartAsync();
        await using var app = App.Start(
            ["--port", $"{FreePort.Take()}"],
            ("OPENAI_BASE_URL", upstream.Address.ToString()), ("OpenAI__ApiKey__0", _operatorKey), ("Access__Keys__0", _accessKey));
        await app.ReadyAsync();

        AssertOnlyTheGatewayHasThem(app);
    }

    [Fact]
    public async Task BannersCurl_WithoutAnyKey_AnswersInAShellWithTheCallers()
    {
        await using var upstream = await SimulatorHost.StartAsync();
        await using var app = App.Start(["--port", $"{FreePort.Take()}"], ("OPENAI_BASE_URL", upstream.Address.ToString()));
        var banner = await app.ReadyAsync();
        Assert.StartsWith("none", banner.Keys, StringComparison.Ordinal);
        Assert.Equal("in a shell where OPENAI_API_KEY is set", banner.Hint);

        await using var curl = RunningCommand.Start("bash", ["-c", banner.Curl], new Dictionary<string, string?> { ["OPENAI_API_KEY"] = DemoApp.NewKey() });
        Assert.Contains("\"object\":\"list\"", (await curl.EndAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_InTheUserSecretsOfTheAppHost_IsTheOperators()
    {
        await using var upstream = await SimulatorHost.StartAsync(("Simulator:RecordAll", "true"));
        var home = Directory.CreateTempSubdirectory("openaiproxy-home-");
        try
        {
            var folder = home.CreateSubdirectory(".microsoft/usersecrets/openaiproxy-apphost");
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "secrets.json"), JsonSerializer.Serialize(new { OpenAI = new { ApiKey = _operatorKey, BaseUrl = "http://127.0.0.1:9" } }));
            await using var app = App.Start(
                ["--port", $"{FreePort.Take()}"],
                ("HOME", home.FullName), ("DOTNET_CLI_HOME", Environment.GetEnvironmentVariable("HOME")), ("OpenAI__BaseUrl", upstream.Address.ToString()));
            var banner = await app.ReadyAsync();
            Assert.StartsWith("1 ", banner.Keys, StringComparison.Ordinal);
            Assert.Equal(upstream.Address, new Uri(banner.Upstream));

            using var client = new HttpClient { BaseAddress = banner.Address, Timeout = HangGuard.Limit };
            await AskAsync(client, "/v1/models");
            Assert.Contains(upstream.Recorder.All().SelectMany(r => r.Headers), h => h.Value == "Bearer " + _operatorKey);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Demo_WithTheOperatorsKeysAndAProxyInTheShell_SendsThemNowhereAndAsksItForNothing()
    {
        var nobody = $"http://127.0.0.1:{FreePort.Take()}";
        await using var app = App.StartDemo(
            ("OPENAI_API_KEY", _operatorKey), ("FORWARD_KEY", _accessKey), ("Simulator__RecordAll", "true"),
            ("PROXY", nobody), ("Forwarding__Proxy", nobody), ("Billing__Proxy", nobody));
        var banner = await app.ReadyAsync();
        await using var curl = RunningCommand.Start("bash", ["-c", banner.Curl], new Dictionary<string, string?> { ["FORWARD_KEY"] = _accessKey });
        Assert.Contains("data: [DONE]", (await curl.EndAsync()).Output, StringComparison.Ordinal);

        using var client = new HttpClient { BaseAddress = banner.Address, Timeout = HangGuard.Limit };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + _accessKey);
        var seen = await client.GetStringAsync("/sim/requests");
        Assert.Contains("/v1/chat/completions", seen, StringComparison.Ordinal);
        Assert.All([_operatorKey, _accessKey], key =>
        {
            Assert.DoesNotContain(key, seen, StringComparison.Ordinal);
            Assert.DoesNotContain(key, app.Text, StringComparison.Ordinal);
        });

        using var caller = new HttpClient { BaseAddress = banner.Address, Timeout = HangGuard.Limit };
        caller.DefaultRequestHeaders.Add("Authorization", "Bearer " + DemoApp.NewKey());
        using var models = await caller.GetAsync("/v1/models");
        using var credit = await caller.GetAsync("/billing/credit_grants");
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
        Assert.Equal(HttpStatusCode.OK, credit.StatusCode);
    }

    private void AssertOnlyTheGatewayHasThem(App app)
    {
        Assert.Contains(_operatorKey, app.ProcessOf("Gateway").Environment.Values);
        Assert.Contains(_accessKey, app.ProcessOf("Gateway").Environment.Values);
        Assert.DoesNotContain(app.ProcessOf("BillingService").Environment.Values, value => value == _operatorKey || value == _accessKey);
    }

    private async Task AssertCurlAnswersItsOperatorOnlyAsync(Banner banner)
    {
        await using var theirs = RunningCommand.Start("bash", ["-c", banner.Curl], new Dictionary<string, string?> { ["FORWARD_KEY"] = _accessKey });
        Assert.Contains("\"object\":\"list\"", (await theirs.EndAsync()).Output, StringComparison.Ordinal);

        await using var others = RunningCommand.Start("bash", ["-c", banner.Curl], new Dictionary<string, string?> { ["FORWARD_KEY"] = null });
        Assert.Contains("missing_api_key", (await others.EndAsync()).Output, StringComparison.Ordinal);
    }

    private static async Task AskAsync(HttpClient client, string target, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        await SendAsync(client, request);
    }

    private static async Task SendAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            using var answer = await client.SendAsync(request);
            Assert.NotEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // Also what fails must not tell a key.
        }
    }

    private static async Task SpeakAsync(Uri address, string subprotocol)
    {
        using var limit = new CancellationTokenSource(HangGuard.Limit);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("realtime");
        socket.Options.AddSubProtocol(subprotocol);
        await socket.ConnectAsync(new UriBuilder(new Uri(address, "/v1/realtime?model=gpt-realtime")) { Scheme = "ws" }.Uri, limit.Token);
        await socket.ReceiveAsync(new byte[4096], limit.Token);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
    }
}

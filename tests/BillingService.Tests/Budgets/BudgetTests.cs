using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Budgets;

/// <summary>Budgets bite: a gateway, its billing service and an upstream that tells how many tokens it used.</summary>
public sealed class BudgetTests : IAsyncLifetime
{
    private const string Ann = "fk-ann-accesssecret-of-a-friend";
    private const string Bob = "fk-bob-accesssecret-of-a-friend";

    // Tokens of gpt-4o that cost a dollar: 2.50 dollars for a million in, 10 for a million out.
    private const int InputOfADollar = 400_000;
    private const string Today = "2026-03-15";

    private SimulatorHost _simulator = null!;
    private BillingHost _billing = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(("Simulator:Tally", "true"));
        _billing = await BillingHost.StartAsync(_simulator.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _billing.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Budget_ThatIsSpent_RefusesTheNextCall_AsOpenAIDoesWithoutMoney(bool isStream)
    {
        await using var gateway = await StartAsync(("Access:Keys:0:Budgets", "1/day"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway, Ann, InputOfADollar, isStream));

        using var refused = await SendAsync(gateway, Ann, 1, isStream);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var error = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(
            ("insufficient_quota", "insufficient_quota", Unix("2026-03-16T00:00:00Z")),
            (error.GetProperty("type").GetString(), error.GetProperty("code").GetString(), error.GetProperty("resets_at").GetInt64()));
        Assert.Equal("false", Assert.Single(refused.Headers.GetValues("x-should-retry")));
        Assert.Null(refused.Headers.RetryAfter);
        Assert.False(refused.Headers.Contains("retry-after-ms"));
        Assert.Equal(1, _simulator.Tally.Rows().Sum(row => row.Begun));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway, Bob, 1));
    }

    [Fact]
    public async Task Budget_BeginsAnewWithItsPeriod_InItsTimeZone()
    {
        // It is noon UTC, and 20:00 in Shanghai.
        await using var gateway = await StartAsync(("Access:Keys:0:Budgets", "1/day"), ("Budgets:TimeZone", "Asia/Shanghai"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway, Ann, InputOfADollar));
        Assert.Equal(HttpStatusCode.TooManyRequests, await ChatAsync(gateway, Ann, 1));

        _billing.Clock.Advance(TimeSpan.FromHours(4) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, await ChatAsync(gateway, Ann, 1));
        _billing.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway, Ann, 1));
    }

    [Theory]
    [InlineData("1/day", Today, HttpStatusCode.TooManyRequests)]
    [InlineData("1/day", "2026-03-14", HttpStatusCode.OK)]
    [InlineData("1/week", "2026-03-09", HttpStatusCode.TooManyRequests)]
    [InlineData("1/week", "2026-03-08", HttpStatusCode.OK)]
    [InlineData("1/month", "2026-03-01", HttpStatusCode.TooManyRequests)]
    [InlineData("1/month", "2026-02-28", HttpStatusCode.OK)]
    [InlineData("1/total", "2025-01-01", HttpStatusCode.TooManyRequests)]
    [InlineData("1/day shadow", Today, HttpStatusCode.OK)]
    [InlineData("2/day;1/month", "2026-03-01", HttpStatusCode.TooManyRequests)]
    public async Task Gateway_ThatHasJustStarted_KnowsFromTheLedgerWhatIsSpent(string budget, string day, HttpStatusCode status)
    {
        await _billing.ReportAsync(Used.Tokens(day, InputOfADollar, key: KeyId.Of(Ann).Value));

        await using var gateway = await StartAsync(("Access:Keys:0:Budgets", budget));

        Assert.Equal(status, await ChatAsync(gateway, Ann, 1));
    }

    [Fact]
    public async Task Team_SharesItsBudget_AndOthersHaveNoPartInIt()
    {
        await using var gateway = await StartAsync(
            ("Access:Keys:0:Team", "research"), ("Access:Keys:1:Team", "Research"), ("Access:Keys:2:Key", "fk-carol-of-no-team-at-all"),
            ("Budgets:Teams:research", "1/month"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway, Ann, InputOfADollar));

        Assert.Equal(
            (HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (await ChatAsync(gateway, Bob, 1), await ChatAsync(gateway, "fk-carol-of-no-team-at-all", 1)));
    }

    [Fact]
    public async Task Total_IsSharedByAllWhoUseTheOperatorsKey_AndNotByCallersOwnKeys()
    {
        await using var gateway = await StartAsync(("Budgets:Total", "1/month"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway, Ann, InputOfADollar));

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (await ChatAsync(gateway, Bob, 1), await ChatAsync(gateway, Keys.Other, 1)));
    }

    [Fact]
    public async Task Keys_HaveTheCommonBudgetEach_UnlessTheyHaveTheirOwn()
    {
        await using var gateway = await StartAsync(("Budgets:Keys", "1/month"), ("Access:Keys:1:Budgets", "5/month"));
        await ChatAsync(gateway, Ann, InputOfADollar);
        await ChatAsync(gateway, Bob, InputOfADollar);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (await ChatAsync(gateway, Ann, 1), await ChatAsync(gateway, Bob, 1)));
    }

    [Theory]
    [InlineData("", HttpStatusCode.Forbidden)]
    [InlineData("Allow", HttpStatusCode.OK)]
    public async Task Model_WithoutAPrice_IsRefusedUnlessTheOperatorSays(string unpriced, HttpStatusCode status)
    {
        await using var gateway = await StartAsync(("Access:Keys:0:Budgets", "1/day"), ("Budgets:Unpriced", unpriced));

        using var answer = await SendAsync(gateway, Ann, 1, isStream: false, model: "somebody-elses-model");

        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.Forbidden)
        {
            Assert.Equal("model_unpriced", ErrorObject.Parse(await answer.Content.ReadAsStringAsync()).Code);
        }

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, Bob, 1, isStream: false, model: "somebody-elses-model")).StatusCode);
    }

    [Fact]
    public async Task Callers_OfWhomManyComeAtOnce_SpendNoMoreThanTheBudgetAndWhatTheirCallsCostAboveTheEstimate()
    {
        // Each asks for 1,000 tokens at most, which is a cent, and gets them.
        await using var gateway = await StartAsync(("Access:Keys:0:Budgets", "0.25/day"));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => ChatAsync(gateway, Ann, 1, output: 1_000)));

        var passed = statuses.Count(status => status == HttpStatusCode.OK);
        Assert.InRange(passed, 1, 25);
        Assert.All(statuses.Where(status => status != HttpStatusCode.OK), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
        Assert.Equal(passed, _simulator.Tally.Rows().Sum(row => row.Begun));
    }

    [Fact]
    public async Task Prices_ThatChangeWhileItRuns_ArePricesOfBudgets()
    {
        var folder = Directory.CreateTempSubdirectory("openaiproxy-prices-");
        var file = Path.Combine(folder.FullName, "prices.json");
        await File.WriteAllTextAsync(file, """{ "prices": [] }""");
        await using var billing = await BillingHost.StartAsync(_simulator.Address, ("Pricing:File", file));
        await using var gateway = await StartAsync(billing, ("Access:Keys:0:Budgets", "1/day"));
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(gateway, Ann, 1, isStream: false, model: "own-model")).StatusCode);

        await File.WriteAllTextAsync(file, """{ "prices": [ { "model": "own-model", "tokens": { "default": { "input": 1, "output": 1 } } } ] }""");

        // The gateway may ask just before the billing service has looked at the file, and then asks again after ten seconds.
        await HangGuard.Until(
            async () =>
            {
                billing.Clock.Advance(TimeSpan.FromSeconds(10));
                return (await SendAsync(gateway, Ann, 1_000_000, isStream: false, model: "own-model")).StatusCode;
            },
            status => status == HttpStatusCode.OK, "it has a price");
        Assert.Equal(HttpStatusCode.TooManyRequests, await ChatAsync(gateway, Ann, 1));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Gateways_WithoutAStoreInCommon_LearnOfEachOtherFromTheLedger()
    {
        await using var one = await StartAsync(("Access:Keys:0:Budgets", "1/day"));
        await using var other = await StartAsync(("Access:Keys:0:Budgets", "1/day"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(one, Ann, InputOfADollar));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(other, Ann, 1));

        await HangGuard.Until(
            async () =>
            {
                _billing.Clock.Advance(TimeSpan.FromSeconds(10));
                return await ChatAsync(other, Ann, 1);
            },
            status => status == HttpStatusCode.TooManyRequests, "it is spent there, too");
    }

    [Fact]
    public async Task BillingService_ThatIsAway_LeavesAGatewayThatHasJustStartedWithoutAnswer_AndOneThatKnowsGoesOn()
    {
        var billing = await BillingHost.StartAsync(_simulator.Address);
        await using var gateway = await StartAsync(billing, ("Access:Keys:0:Budgets", "1/day"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway, Ann, 1));
        await billing.DisposeAsync();

        Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway, Ann, InputOfADollar));
        Assert.Equal(HttpStatusCode.TooManyRequests, await ChatAsync(gateway, Ann, 1));
        await using var fresh = await StartAsync(billing, ("Access:Keys:0:Budgets", "1/day"));
        using var answer = await SendAsync(fresh, Ann, 1, isStream: false);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "budgets_unavailable"),
            (answer.StatusCode, ErrorObject.Parse(await answer.Content.ReadAsStringAsync()).Code));
    }

    [Fact]
    public async Task Budget_IsTheSameWithTheSameRest_WhereverAKeyAsks()
    {
        await using var gateway = await StartAsync(("Access:Keys:0:Budgets", "4/month;20/total"), ("Access:Keys:0:Limits:Requests", "60/hour"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway, Ann, InputOfADollar));

        var limits = (await GetAsync(gateway, "/limits")).GetProperty("budgets").EnumerateArray().Single(b => b.GetProperty("period").GetString() == "month");
        var subscription = await GetAsync(gateway, "/dashboard/billing/subscription");
        var credit = await GetAsync(gateway, "/billing/credit_grants");
        var balance = await GetAsync(gateway, "/v1/usage");

        // The simulator answers with a few tokens besides.
        var (used, left) = (Number(limits, "used_usd"), Number(limits, "remaining_usd"));
        Assert.InRange(used, 1m, 1.001m);
        Assert.Equal((4m, 4m), (Number(limits, "limit_usd"), used + left));
        Assert.Equal(4m, Number(subscription, "hard_limit_usd"));
        Assert.Equal((4m, left), (Number(credit, "total_granted"), Number(credit, "total_available")));
        Assert.Equal((4m, left, used), (Number(balance, "total"), Number(balance, "balance"), Number(balance, "used")));
        var limit = Assert.Single(balance.GetProperty("limits").EnumerateArray());
        Assert.Equal(
            ("requests", "key", 60m, 3_600m, 1m, 59m),
            (limit.GetProperty("limit").GetString(), limit.GetProperty("scope").GetString(), Number(limit, "amount"), Number(limit, "window_seconds"),
                Number(limit, "used"), Number(limit, "remaining")));
    }

    [Fact]
    public async Task Response_OfASocketWhoseBudgetIsSpent_IsRefusedByAMessage()
    {
        await using var gateway = await StartAsync(("Access:Keys:0:Budgets", "1/day"));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Ann}");
        socket.Options.SetRequestHeader("x-sim-prompt-tokens", InputOfADollar.ToString(CultureInfo.InvariantCulture));
        await socket.ConnectAsync(new Uri($"ws://{gateway.Address.Authority}/v1/responses"), CancellationToken.None).Guarded();
        var asking = """{"type":"response.create","model":"gpt-4o","input":"hi"}""";
        await AskAsync(socket, asking, message => message.GetProperty("type").GetString() == "response.completed");

        var refused = await AskAsync(socket, asking, message => message.GetProperty("type").GetString() == "error");

        var error = refused.GetProperty("error");
        Assert.Equal(
            (429, "insufficient_quota", Unix("2026-03-16T00:00:00Z")),
            (refused.GetProperty("status").GetInt32(), error.GetProperty("code").GetString(), error.GetProperty("resets_at").GetInt64()));
        Assert.False(refused.TryGetProperty("headers", out _));
    }

    private static async Task<JsonElement> AskAsync(ClientWebSocket socket, string asking, Func<JsonElement, bool> isLast)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(asking), WebSocketMessageType.Text, true, CancellationToken.None).Guarded();
        while (true)
        {
            var text = new MemoryStream();
            ValueWebSocketReceiveResult result;
            do
            {
                var buffer = new byte[16 * 1024];
                result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().Guarded();
                text.Write(buffer.AsSpan(0, result.Count));
            }
            while (!result.EndOfMessage);

            var message = JsonDocument.Parse(text.ToArray()).RootElement;
            if (isLast(message))
            {
                return message;
            }
        }
    }

    private Task<GatewayHost> StartAsync(params (string, string)[] settings) => StartAsync(_billing, settings);

    private Task<GatewayHost> StartAsync(BillingHost billing, params (string, string)[] settings) => GatewayHost.StartAsync(
        _simulator.Address,
        builder => builder.Services.AddSingleton<TimeProvider>(billing.Clock),
        [
            ("services:billing:http:0", billing.Address.ToString()), ("OpenAI:ApiKey", Keys.Operator), ("Access:Keys:0:Key", Ann), ("Access:Keys:1:Key", Bob),
            .. settings,
        ]);

    // Once its usage is counted: a stream ends for its caller a moment before.
    private static async Task<HttpStatusCode> ChatAsync(GatewayHost gateway, string key, int input, bool isStream = false, int output = 0)
    {
        using var answer = await SendAsync(gateway, key, input, isStream, output: output);
        await answer.Content.ReadAsStringAsync();
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(
        GatewayHost gateway, string key, int input, bool isStream, string model = "gpt-4o", int output = 0)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"{{model}}","stream":{{(isStream ? "true" : "false")}},"max_tokens":{{Math.Max(1, output)}},"messages":[{"role":"user","content":"hi"}]}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", key);
        request.Headers.Add("x-sim-prompt-tokens", input.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("x-sim-completion-tokens", output.ToString(CultureInfo.InvariantCulture));
        return gateway.Client.SendAsync(request).Guarded();
    }

    private static async Task<JsonElement> GetAsync(GatewayHost gateway, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", Ann);
        using var answer = await gateway.Client.SendAsync(request).Guarded();
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    private static decimal Number(JsonElement json, string name) => json.GetProperty(name).GetDecimal();

    private static long Unix(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}

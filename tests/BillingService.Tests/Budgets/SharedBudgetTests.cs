using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Redis;

namespace OpenAIProxy.BillingService.Tests.Budgets;

/// <summary>A budget that three gateways share through Redis.</summary>
public sealed class SharedBudgetTests : IAsyncLifetime
{
    private const string Ann = "fk-ann-accesssecret-of-a-friend";
    private const int OutputOfACent = 1_000;

    private readonly List<GatewayHost> _gateways = [];
    private SimulatorHost _simulator = null!;
    private BillingHost _billing = null!;
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(("Simulator:Tally", "true"));
        _billing = await BillingHost.StartAsync(_simulator.Address);
        _redis = await RedisServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        await _redis.DisposeAsync();
        await _billing.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Callers_OfThreeGateways_SpendNoMoreThanTheBudget(bool isStream)
    {
        await StartAsync("0.25/day", 3);

        var statuses = await CallAsync(200, isStream);

        var passed = statuses.Count(status => status == HttpStatusCode.OK);
        // Each reserves what it then costs; where a reservation is in the way that has not become a cost yet, some are told to come again.
        Assert.InRange(passed, 1, 25);
        Assert.Equal(passed, _simulator.Tally.Rows().Sum(row => row.Begun));
        Assert.Equal(25, passed + await CallUntilSpentAsync());
    }

    [Fact]
    public async Task Redis_ThatHasLostEverything_GoesOnFromTheLedger()
    {
        await StartAsync("1/day", 1);
        Assert.All(await CallAsync(10, isStream: false), status => Assert.Equal(HttpStatusCode.OK, status));
        // All of it by other means than this gateway, so that only the ledger can tell.
        await _billing.ReportAsync(Used.Tokens("2026-03-15", 400_000, key: KeyId.Of(Ann).Value));

        await _redis.KillAsync();
        await _redis.StartAgainAsync();

        await HangGuard.Until(
            async () =>
            {
                _billing.Clock.Advance(TimeSpan.FromSeconds(10));
                return (await CallAsync(1, isStream: false))[0];
            },
            status => status == HttpStatusCode.TooManyRequests, "what the ledger knows is spent");
    }

    private async Task<int> CallUntilSpentAsync()
    {
        var passed = 0;
        while (true)
        {
            using var answer = await SendAsync(_gateways[0], isStream: false);
            passed += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
            if ((await answer.Content.ReadAsStringAsync()).Contains("insufficient_quota", StringComparison.Ordinal))
            {
                return passed;
            }
        }
    }

    private Task<HttpStatusCode[]> CallAsync(int count, bool isStream)
        => Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            using var answer = await SendAsync(_gateways[i % _gateways.Count], isStream);
            await answer.Content.ReadAsStringAsync();
            return answer.StatusCode;
        }));

    private async Task StartAsync(string budget, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _gateways.Add(await GatewayHost.StartAsync(
                _simulator.Address,
                builder => builder.Services.AddSingleton<TimeProvider>(_billing.Clock),
                ("services:billing:http:0", _billing.Address.ToString()), ("OpenAI:ApiKey", Keys.Operator), ("Access:Keys:0:Key", Ann),
                ("Access:Keys:0:Budgets", budget), ("ConnectionStrings:cache", _redis.ConnectionString)));
            // A busy machine is no outage.
            _gateways[^1].Services.GetRequiredService<RedisConnection>().Patience = TimeSpan.FromSeconds(5);
        }
    }

    private static Task<HttpResponseMessage> SendAsync(GatewayHost gateway, bool isStream)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"gpt-4o","stream":{{(isStream ? "true" : "false")}},"max_tokens":{{OutputOfACent}},"messages":[]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", Ann);
        request.Headers.Add("x-sim-prompt-tokens", "1");
        request.Headers.Add("x-sim-completion-tokens", OutputOfACent.ToString(CultureInfo.InvariantCulture));
        return gateway.Client.SendAsync(request).Guarded();
    }
}

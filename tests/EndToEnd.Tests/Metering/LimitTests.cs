using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>Limits and budgets of three gateways, processes of their own, that count in one Redis, while one of them is killed.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private const int Callers = 200;

    // More at once would take Redis's half second on a busy machine, and then each gateway has a share.
    private const int AtOnce = 45;
    private const string Hang = "hang";

    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Requests_WhileAGatewayIsKilled_AreNoMoreThanTheLimit()
    {
        await using var app = await StartAsync(("Limits__Keys__Requests", "150/day"));

        var calls = CallAsync(app, Callers);
        await HangGuard.Until(() => Begun(app) > 20, "calls go upstream");
        await app.Gateways[2].KillAsync();
        await calls;
        await StartAgainAsync(app);
        await CallAsync(app, Callers);

        // What the killed gateway had counted and not sent on is lost to the caller, and to nobody's advantage.
        Assert.InRange(Begun(app), 150 - Callers / 3, 150);
        Assert.All(await CallAsync(app, 9), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
        var dump = await _redis.DumpAsync();
        Assert.Contains("openaiproxy:{limits}:1:key:key_", dump, StringComparison.Ordinal);
        await app.AssertNoSecretsAsync();
        Assert.All([.. app.Keys, app.AdminToken], secret => Assert.DoesNotContain(secret, dump, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Budget_WhileAGatewayIsKilled_IsNotOverspentByMoreThanCallsCostAboveTheirEstimate()
    {
        // 1,000 tokens of gpt-4o out are a cent, and each call asks for that at most and gets it; 10 tokens in are no more than estimated.
        await using var app = await StartAsync(("Budgets__Keys", "1/day"));
        var calls = CallAsync(app, Callers, tokens: 1_000);
        await HangGuard.Until(() => Begun(app) > 20, "calls go upstream");
        await app.Gateways[2].KillAsync();
        await calls;
        await StartAgainAsync(app);
        await CallAsync(app, Callers, tokens: 1_000);

        var dollars = app.Simulator.Tally.Rows().Sum(row => (row.PromptTokens * 2.5m + row.CompletionTokens * 10m) / 1_000_000m);
        Assert.InRange(dollars, 0.3m, 1.01m);
    }

    [Fact]
    public async Task Places_OfAKilledGateway_AreFreeOnceItsLeasesEnd_AndThoseOfOthersAreNot()
    {
        await using var app = await StartAsync(("Limits__Keys__Concurrency", "6"));
        using var left = new CancellationTokenSource();
        var held = Enumerable.Range(0, 6).Select(i => StatusAsync(app, i % 2, isStream: true, fault: Hang, cancellationToken: left.Token)).ToArray();
        await HangGuard.Until(() => Begun(app) == 7, "six calls are in progress");
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(app, 2));

        await app.Gateways[1].KillAsync();
        // Within 30 seconds.
        await HangGuard.Until(() => UsedAsync(app, 2, "key"), used => used == 3, "the places of the killed gateway are free");
        var more = Enumerable.Range(0, 4).Select(_ => StatusAsync(app, 2, isStream: true, fault: Hang, cancellationToken: left.Token)).ToArray();
        await HangGuard.Until(() => Array.Exists(more, call => call.IsCompleted), "one of four has no place");
        Assert.Equal(HttpStatusCode.TooManyRequests, await (await Task.WhenAny(more)));
        Assert.Equal(1, more.Count(call => call.IsCompleted));
        await left.CancelAsync();
        await Task.WhenAll(held.Concat(more).Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default)));
    }

    // Of the limits with this scope, which are one.
    private static async Task<long> UsedAsync(MeteredApp app, int gateway, string scope)
    {
        using var client = new HttpClient { BaseAddress = app.Gateways[gateway].Address, Timeout = HangGuard.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Keys[0]);
        using var limits = JsonDocument.Parse(await client.GetStringAsync("/limits"));
        return limits.RootElement.GetProperty("limits").EnumerateArray()
            .Single(limit => limit.GetProperty("scope").GetString() == scope).GetProperty("used").GetInt64();
    }

    private static long Begun(MeteredApp app) => app.Simulator.Tally.Rows().Sum(row => row.Begun);

    private async Task<MeteredApp> StartAsync(params (string, string)[] settings)
    {
        var app = await MeteredApp.StartAsync(
            gateways: 3,
            settings:
            [
                ("ConnectionStrings__cache", _redis.ConnectionString), ("Limits__Replicas", "3"), ("Limits__Total__Requests", "100000/day"), .. settings,
            ]);
        await HangGuard.Until(() => StatusAsync(app, 0, tokens: 1), status => status == HttpStatusCode.OK, "a call is counted");
        await Task.WhenAll(app.Gateways.Select((_, i) => CountsInRedisAsync(app, i)));
        return app;
    }

    private static async Task StartAgainAsync(MeteredApp app)
    {
        await app.Gateways[2].StartAsync();
        await CountsInRedisAsync(app, 2);
    }

    // It shows what others have counted.
    private static Task<long> CountsInRedisAsync(MeteredApp app, int gateway)
        => HangGuard.Until(() => UsedAsync(app, gateway, "total"), used => used > 0, "it counts in Redis");

    // A third at each gateway, half of them streams.
    private static async Task<IReadOnlyList<HttpStatusCode>> CallAsync(MeteredApp app, int count, int tokens = 16)
    {
        var statuses = new List<HttpStatusCode>();
        foreach (var some in Enumerable.Range(0, count).Chunk(AtOnce))
        {
            statuses.AddRange(await Task.WhenAll(some.Select(i => StatusAsync(app, i % 3, tokens, isStream: i % 2 == 0))));
        }

        return statuses;
    }

    // 0 for a gateway that is not there.
    private static async Task<HttpStatusCode> StatusAsync(
        MeteredApp app, int gateway, int tokens = 16, bool isStream = false, string? fault = null, CancellationToken cancellationToken = default)
    {
        using var client = new HttpClient { BaseAddress = app.Gateways[gateway].Address, Timeout = HangGuard.Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"gpt-4o","max_tokens":{{tokens}},"stream":{{(isStream ? "true" : "false")}},"messages":[{"role":"user","content":"hi"}]}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", app.Keys[0]);
        request.Headers.Add("x-sim-prompt-tokens", "10");
        request.Headers.Add("x-sim-completion-tokens", tokens.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (fault is not null)
        {
            request.Headers.Add("x-sim-fault", fault);
        }

        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}

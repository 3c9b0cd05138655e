using System.Diagnostics.Metrics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.ServiceDefaults.Redis;

namespace OpenAIProxy.Gateway.Tests.Limits;

/// <summary>Three gateways with one Redis, and many callers with one key.</summary>
public sealed class SharedLimitsTests : IAsyncLifetime
{
    private const int Callers = 200;
    private const string Small = """{"model":"gpt-4o-mini","max_tokens":16,"messages":[]}""";

    private RedisServer _redis = null!;
    private LimitRig _rig = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Requests_OfAllGatewaysTogether_AreExactlyTheLimit()
    {
        await StartAsync(isMetered: false, ("Requests", "70/hour"));

        var statuses = await CallAsync(Callers);

        Assert.Equal((70, Callers - 70), (statuses.Count(s => s == HttpStatusCode.OK), statuses.Count(s => s == HttpStatusCode.TooManyRequests)));
        Assert.Equal(70, _rig.Calls);
    }

    [Fact]
    public async Task Concurrency_OfAllGatewaysTogether_IsNeverMoreThanTheLimit()
    {
        await StartAsync(isMetered: true, ("Concurrency", "20"));
        var release = new TaskCompletionSource();
        _rig.Released = release.Task;

        var calls = CallAsync(Callers);
        await HangGuard.Until(() => _rig.Calls == 20, "20 are in progress");
        release.SetResult();
        await calls;
        // Nobody waits any more, and each is settled: the places are free again.
        await HangGuard.Until(
            () => CallAsync(20), statuses => statuses.All(s => s == HttpStatusCode.OK), "20 find a place");

        Assert.Equal(20, _rig.MostAtOnce);
    }

    [Fact]
    public async Task Responses_OfSocketsAtAllGateways_AreExactlyTheLimit()
    {
        await StartAsync(isMetered: true, ("Requests", "100/hour"));
        var sockets = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => OpenAsync(i % 3)));

        // Each opening is a request, and so is each response: 180 are asked for, and 70 are left.
        var refused = await Task.WhenAll(sockets.Select(socket => RefusedAsync(socket, responses: 6)));

        Assert.Equal((70, 110), (_rig.Calls, refused.Sum()));
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [Fact]
    public async Task Tokens_OfAllGatewaysTogether_AreNeverMoreThanTheLimit()
    {
        await StartAsync(isMetered: true, ("Tokens", "3000/hour"));
        // 16 of them are reserved for the answer, and no more than that is used.
        _rig.Usage = (3, 0, 16);

        var used = 0;
        for (var i = 0; i < 3; i++)
        {
            used += (await CallAsync(Callers)).Count(s => s == HttpStatusCode.OK) * 19;
        }

        Assert.InRange(used, 2_900, 3_000);
    }

    [Fact]
    public async Task RedisIsKilledAndStartedAgainUnderLoad_NoMoreThanTwiceTheLimitPasses()
    {
        await StartAsync(isMetered: false, ("Requests", "60/hour"));
        var passed = (await CallAsync(30)).Count(s => s == HttpStatusCode.OK);
        Assert.Equal(30, passed);

        await _redis.KillAsync();
        passed += (await CallAsync(Callers)).Count(s => s == HttpStatusCode.OK);
        Assert.Contains("Limits are counted without Redis", await HealthAsync(0), StringComparison.Ordinal);
        await _redis.StartAgainAsync();
        await HangGuard.Until(
            async () => string.Join(' ', await HealthAsync(0), await HealthAsync(1), await HealthAsync(2)),
            all => all == "Healthy Healthy Healthy", "all are well");
        passed += (await CallAsync(Callers)).Count(s => s == HttpStatusCode.OK);

        // Callers are spread evenly, so it is the limit alone.
        Assert.Equal(60, passed);
        Assert.Equal(60, _rig.Calls);
        Assert.All(_rig.Gateways, gateway => Assert.Single(gateway.Logs.Find("the limits of several gateways are counted there")));
        Assert.All(_rig.Gateways, gateway => Assert.Single(gateway.Logs.Find("Limits are counted in Redis again")));
    }

    [Fact]
    public async Task Callers_WhoLeaveWhileRedisDecides_CountForNothing()
    {
        await StartAsync(isMetered: false, ("Requests", "5/hour"));
        var meters = _rig.Gateway.Services.GetRequiredService<IMeterFactory>();
        long active = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "http.server.active_requests" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref active, value));
        listener.Start();
        await _redis.FreezeAsync();
        using var left = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 5).Select(_ => Assert.ThrowsAnyAsync<OperationCanceledException>(() => LeavingAsync(left.Token))).ToArray();
        await HangGuard.Until(() => Volatile.Read(ref active) == 5, "they wait for Redis");
        await left.CancelAsync();
        await Task.WhenAll(calls);
        await _redis.ThawAsync();

        await HangGuard.Until(
            async () => (await CallAsync(1))[0], status => status == HttpStatusCode.OK, "there is room");
        Assert.Equal(4, (await CallAsync(10)).Count(status => status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task RedisIsAwayFromTheStart_CallsGoOnWithinTheShare()
    {
        await _redis.KillAsync();
        await StartAsync(isMetered: false, ("Requests", "30/hour"));

        var statuses = await CallAsync(90);

        Assert.Equal(30, statuses.Count(s => s == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Redis_HoldsNeitherKeysNorAddresses()
    {
        await StartAsync(isMetered: true, ("Requests", "70/hour"), ("Tokens", "100000/hour"), ("Concurrency", "50"));

        await CallAsync(9);

        var dump = await _redis.DumpAsync();
        Assert.Contains("openaiproxy:{limits}:1:key:key_", dump, StringComparison.Ordinal);
        Assert.Contains("openaiproxy:{limits}:1:address:", dump, StringComparison.Ordinal);
        Assert.All(
            [Keys.Access, Keys.Operator, Keys.Access["fk-".Length..], "127.0.0.1", "::1"],
            secret => Assert.DoesNotContain(secret, dump, StringComparison.Ordinal));
    }

    private async Task StartAsync(bool isMetered, params (string Field, string Value)[] limits)
    {
        (string, string)[] settings =
        [
            ("ConnectionStrings:cache", _redis.ConnectionString), ("Limits:Replicas", "3"), ("Limits:Addresses:Requests", "100000/day"),
            ("Access:Keys:0:Key", Keys.Access), .. limits.Select(limit => ("Access:Keys:0:Limits:" + limit.Field, limit.Value)),
        ];
        _rig = await LimitRig.StartAsync(TimeProvider.System, isMetered, settings);
        await _rig.AddGatewayAsync(TimeProvider.System, isMetered, settings);
        await _rig.AddGatewayAsync(TimeProvider.System, isMetered, settings);
        foreach (var gateway in _rig.Gateways)
        {
            // A busy machine is no outage.
            gateway.Services.GetRequiredService<RedisConnection>().Patience = TimeSpan.FromSeconds(5);
        }
    }

    private Task<HttpStatusCode[]> CallAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
    {
        using var answer = await _rig.ChatAsync(body: Small, gateway: i % 3);
        return answer.StatusCode;
    }));

    private async Task<ClientWebSocket> OpenAsync(int gateway)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Keys.Access}");
        await socket.ConnectAsync(new Uri($"ws://{_rig.Gateways[gateway].Address.Authority}/v1/responses"), CancellationToken.None).Guarded();
        return socket;
    }

    // One after the other; how many are refused.
    private static async Task<int> RefusedAsync(ClientWebSocket socket, int responses)
    {
        var refused = 0;
        var buffer = new byte[4096];
        for (var i = 0; i < responses; i++)
        {
            await socket.SendAsync(
                """{"type":"response.create","model":"gpt-4o-mini","input":"hi","max_output_tokens":16}"""u8.ToArray(), WebSocketMessageType.Text, true,
                CancellationToken.None).Guarded();
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None).Guarded();
            refused += Encoding.UTF8.GetString(buffer, 0, received.Count).Contains("rate_limit_exceeded", StringComparison.Ordinal) ? 1 : 0;
        }

        return refused;
    }

    private Task<HttpResponseMessage> LeavingAsync(CancellationToken left)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Small, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", Keys.Access);
        return _rig.Gateway.Client.SendAsync(request, left);
    }

    private async Task<string> HealthAsync(int gateway)
        => await _rig.Gateways[gateway].Client.GetStringAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
}

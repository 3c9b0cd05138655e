using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Gateway.Limits.Stores.Memory;
using OpenAIProxy.Gateway.Limits.Stores.Redis;
using OpenAIProxy.Gateway.Limits.Stores.Shared;
using OpenAIProxy.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace OpenAIProxy.Gateway.Tests.Limits;

/// <summary>Several gateways' limits in a real Redis.</summary>
public sealed class SharedLimitStoreTests : IAsyncLifetime
{
    private static readonly LeaseTimes Hasty = new(TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(500));

    private readonly LogSink _logs = new();
    private readonly List<Gateway> _gateways = [];
    private RedisServer _redis = null!;
    private StoreSettings _settings = new(StoreFailure.Local, 3);

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            _gateways.Add(await StartAsync());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        await _redis.DisposeAsync();
        _logs.Dispose();
    }

    [Fact]
    public async Task Take_By200OnThreeGateways_ExactlyTheLimit()
    {
        var key = new Counter("key", CounterKind.Sliding, 70, TimeSpan.FromHours(1));
        var places = new Counter("places", CounterKind.Concurrency, 60, TimeSpan.Zero);
        var budget = new Counter("budget", CounterKind.Period, 1_000, TimeSpan.Zero);

        var decisions = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(
            () => Take(_gateways[i % 3], new(key, 1), new(places, 1), new(budget, 20)))));

        // The budget holds 50 of them.
        Assert.Equal(50, decisions.Count(d => d.IsTaken));
        Assert.All(decisions.Where(d => !d.IsTaken), d => Assert.Equal(2, d.RefusedBy));
        var used = await UsedAsync(key, places, budget);
        Assert.Equal([50L, 50L, 1_000L], used);
    }

    [Fact]
    public async Task Settle_ReplacesWhatWasReserved()
    {
        var tokens = new Counter("tokens", CounterKind.Sliding, 1_000, TimeSpan.FromHours(1));
        var places = new Counter("places", CounterKind.Concurrency, 1, TimeSpan.Zero);
        var budget = new Counter("budget", CounterKind.Period, 1_000, TimeSpan.Zero);
        var taken = await Take(_gateways[0], new(tokens, 800), new(places, 1), new(budget, 900));
        Assert.False((await Take(_gateways[1], new Charge(places, 1))).IsTaken);
        Assert.False((await Take(_gateways[1], new Charge(budget, 101))).IsTaken);

        _gateways[0].Store.Settle(taken, [300, 1, 250]);
        _gateways[0].Store.Settle(taken, [0, 1, 0]);

        await EventuallyUsedAsync([tokens, places, budget], 300, 0, 250);
        _gateways[0].Store.Add([new Charge(tokens, 900), new Charge(budget, 10)]);
        await EventuallyUsedAsync([tokens, places, budget], 1_200, 0, 260);
    }

    [Fact]
    public async Task Period_BelowItsFloor_GoesOnFromThere_AndShadowNeverRefuses()
    {
        var budget = new Counter("budget", CounterKind.Period, 1_000, TimeSpan.Zero)
        {
            Floor = 990,
            EndsAt = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds(),
        };
        var shadow = new Counter("shadow", CounterKind.Sliding, 1, TimeSpan.FromHours(1), isShadow: true);

        var refused = await Take(_gateways[0], new(budget, 11), new(shadow, 1));
        Assert.Equal(0, refused.RefusedBy);
        Assert.Equal(10, refused.Levels[0].Remaining(budget));
        Assert.InRange(refused.WaitMilliseconds, 3_500_000, 3_600_000);
        Assert.Equal(0UL, (await Take(_gateways[1], new(budget, 5), new(shadow, 1))).ShadowRefusals);
        Assert.Equal(2UL, (await Take(_gateways[2], new(budget, 5), new(shadow, 1))).ShadowRefusals);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task GatewayWhoseClockIsWrong_CountsLikeTheOthers(int seconds)
    {
        _gateways.Add(await StartAsync(new ShiftedTime(TimeSpan.FromSeconds(seconds))));
        var key = new Counter("key", CounterKind.Sliding, 10, TimeSpan.FromMinutes(1));

        var taken = 0;
        for (var i = 0; i < 40; i++)
        {
            taken += (await Take(_gateways[i % 4], new Charge(key, 1))).IsTaken ? 1 : 0;
        }

        Assert.Equal(10, taken);
        Assert.InRange((await Take(_gateways[3], new Charge(key, 1))).WaitMilliseconds, 40_000, 63_000);
    }

    [Fact]
    public async Task Sliding_TellsWhenItFits()
    {
        var key = new Counter("key", CounterKind.Sliding, 2, TimeSpan.FromSeconds(5));
        Assert.True((await Take(_gateways[0], new Charge(key, 2))).IsTaken);

        var refused = await Take(_gateways[1], new Charge(key, 1));
        var since = Stopwatch.GetTimestamp();

        Assert.InRange(refused.WaitMilliseconds, 1, 5_250);
        await HangGuard.Until(async () => (await Take(_gateways[1], new Charge(key, 1))).IsTaken, taken => taken, "it fits");
        // The two clocks may differ by how long the answer took.
        Assert.True(Stopwatch.GetElapsedTime(since).TotalMilliseconds >= refused.WaitMilliseconds - 1_000);
    }

    [Fact]
    public async Task GatewayCrashes_WhatItHeldIsFree_AndWhatOthersHoldIsNot()
    {
        var places = new Counter("places", CounterKind.Concurrency, 2, TimeSpan.Zero);
        var budget = new Counter("budget", CounterKind.Period, 100, TimeSpan.Zero);
        Assert.True((await Take(_gateways[0], new(places, 1), new(budget, 30))).IsTaken);
        Assert.True((await Take(_gateways[1], new(places, 1), new(budget, 40))).IsTaken);

        // Nobody settles or renews any more.
        await _gateways[0].DisposeAsync();
        _gateways.RemoveAt(0);
        Assert.False((await Take(_gateways[1], new(places, 1), new(budget, 1))).IsTaken);

        await EventuallyUsedAsync([places, budget], 1, 40);
        Assert.True((await Take(_gateways[1], new(places, 1), new(budget, 1))).IsTaken);
    }

    [Fact]
    public async Task RedisIsLost_NoMoreThanTheShareBesideWhatWasTakenBefore_AndLeasesAreThereAgain()
    {
        var key = new Counter("key", CounterKind.Sliding, 30, TimeSpan.FromHours(1));
        var places = new Counter("places", CounterKind.Concurrency, 30, TimeSpan.Zero);
        Assert.Equal(6, await TakeManyAsync(6, key, places));

        await _redis.KillAsync();
        // Each may have 10 of them, and has had 2.
        Assert.Equal(24, await TakeManyAsync(90, key, places));
        Assert.Equal(0, await TakeManyAsync(30, key, places));
        Assert.All(_gateways, gateway => Assert.True(gateway.Store.IsAway));

        await _redis.StartAgainAsync();
        await HangGuard.Until(() => _gateways.TrueForAll(g => !g.Store.IsAway), "limits are counted in Redis again");
        // It has lost what it counted, and is told of it: nobody has it a second time.
        Assert.Equal(0, await TakeManyAsync(30, key, places));
        await EventuallyUsedAsync([key, places], 30, 30);
        Assert.Equal(3, _logs.Find("Limits:OnStoreFailure=Local").Count);
    }

    [Fact]
    public async Task RedisIsBack_WhatWasTakenMeanwhileIsCountedThere_AndNoShareHoldsAnyMore()
    {
        var key = new Counter("key", CounterKind.Sliding, 30, TimeSpan.FromDays(30));
        Assert.Equal(6, await TakeManyAsync(6, key));
        _gateways.ForEach(gateway => gateway.Redis.Patience = TimeSpan.FromMilliseconds(200));
        await _redis.FreezeAsync();
        await HangGuard.Until(() => _gateways.TrueForAll(g => g.Store.IsAway), "all have noticed");
        Assert.True((await Take(_gateways[1], new Charge(key, 4))).IsTaken);
        _gateways.ForEach(gateway => gateway.Redis.Patience = TimeSpan.FromSeconds(5));

        await _redis.ThawAsync();

        await EventuallyUsedAsync([key], 10);
        await HangGuard.Until(() => _gateways.TrueForAll(g => !g.Store.IsAway), "limits are counted in Redis again");
        // Once all have told what they have counted, one gateway may have all that is left.
        await HangGuard.Until(async () => (await Take(_gateways[0], new Charge(key, 20))).IsTaken, taken => taken, "it has all that is left");
        Assert.False((await Take(_gateways[2], new Charge(key, 1))).IsTaken);
    }

    [Fact]
    public async Task RedisHangs_ClosedRefuses_OpenLetsPass()
    {
        var key = new Counter("key", CounterKind.Sliding, 1, TimeSpan.FromHours(1));
        _gateways[0].Redis.Patience = RedisConnection.OperationTimeout;
        await _redis.FreezeAsync();

        _settings = _settings with { OnFailure = StoreFailure.Closed };
        Assert.True((await Take(_gateways[0], new Charge(key, 1))).IsUnavailable);
        _settings = _settings with { OnFailure = StoreFailure.Open };
        Assert.True((await Take(_gateways[0], new Charge(key, 1))).IsTaken);
        Assert.True((await Take(_gateways[0], new Charge(key, 1))).IsTaken);

        await _redis.ThawAsync();
    }

    [Fact]
    public async Task Names_AllExpire_AndShareOneSlot()
    {
        Counter[] counters =
        [
            new("key", CounterKind.Sliding, 10, TimeSpan.FromMinutes(1)), new("places", CounterKind.Concurrency, 10, TimeSpan.Zero),
            new("day", CounterKind.Period, 10, TimeSpan.Zero) { EndsAt = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds() },
            new("total", CounterKind.Period, 10, TimeSpan.Zero),
        ];
        var taken = await Take(_gateways[0], [.. counters.Select(c => new Charge(c, 1))]);
        Assert.True(taken.IsTaken);
        _gateways[0].Store.Settle(taken, [3, 1, 2, 2]);
        await EventuallyUsedAsync(counters, 3, 0, 2, 2);
        Assert.True((await Take(_gateways[0], [.. counters.Select(c => new Charge(c, 1))])).IsTaken);

        var names = await _redis.NamesAsync();

        Assert.Equal(8, names.Count);
        foreach (var name in names)
        {
            Assert.StartsWith("openaiproxy:{limits}:1:", name, StringComparison.Ordinal);
            Assert.DoesNotContain("-1", System.Text.Encoding.UTF8.GetString(await _redis.CommandAsync("PTTL", name)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Names_OfWhatOnlyTheLedgerKnows_ExpireToo()
    {
        var ends = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds();
        var day = new Counter("day", CounterKind.Period, 10, TimeSpan.Zero) { EndsAt = ends, Floor = 5 };
        var spent = new Counter("spent", CounterKind.Period, 10, TimeSpan.Zero) { EndsAt = ends, Floor = 10 };

        var used = await UsedAsync(day);
        Assert.Equal([5L], used);
        Assert.False((await Take(_gateways[0], new Charge(spent, 1))).IsTaken);

        var names = await _redis.NamesAsync();
        Assert.Equal(4, names.Count);
        foreach (var name in names)
        {
            Assert.DoesNotContain("-1", System.Text.Encoding.UTF8.GetString(await _redis.CommandAsync("PTTL", name)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Take_BeyondSeveral_IsRefusedByTheOneThatFitsLast()
    {
        var minute = new Counter("minute", CounterKind.Sliding, 1, TimeSpan.FromMinutes(1));
        var hour = new Counter("hour", CounterKind.Sliding, 1, TimeSpan.FromHours(1));
        var never = new Counter("never", CounterKind.Sliding, 1, TimeSpan.FromSeconds(1));
        Assert.True((await Take(_gateways[0], new(minute, 1), new(hour, 1))).IsTaken);

        var refused = await Take(_gateways[1], new(minute, 1), new(hour, 1));
        var forEver = await Take(_gateways[2], new(minute, 1), new(never, 2), new(hour, 1));

        Assert.Equal(1, refused.RefusedBy);
        Assert.InRange(refused.WaitMilliseconds, 3_500_000, 3_780_000);
        Assert.Equal((1, -1L), (forEver.RefusedBy, forEver.WaitMilliseconds));
    }

    [Fact]
    public async Task Gateways_AreCountedInRedis()
    {
        _settings = _settings with { Gateways = null };

        await HangGuard.Until(() => _gateways.TrueForAll(g => g.Store.Gateways == 3), "each has seen the others");
    }

    private static async Task<Decision> Take(Gateway gateway, params Charge[] charges) => await gateway.Store.TakeAsync(charges);

    private async Task<int> TakeManyAsync(int times, params Counter[] counters)
    {
        var decisions = await Task.WhenAll(Enumerable.Range(0, times).Select(
            i => Take(_gateways[i % 3], [.. counters.Select(c => new Charge(c, 1))])));
        return decisions.Count(d => d.IsTaken);
    }

    private async Task<long[]> UsedAsync(params Counter[] counters)
        => [.. (await _gateways[^1].Store.ReadAsync(counters, CancellationToken.None))!.Select(level => level.Used)];

    private Task<long[]> EventuallyUsedAsync(Counter[] counters, params long[] used)
        => HangGuard.Until(() => UsedAsync(counters), used.SequenceEqual, $"{string.Join(' ', used)} are counted");

    private async Task<Gateway> StartAsync(TimeProvider? time = null)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_logs));
        var redis = new RedisConnection(
            async () => await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString + ",abortConnect=false"), loggers.CreateLogger<RedisConnection>())
        {
            // A busy machine is no outage.
            Patience = TimeSpan.FromSeconds(5),
        };
        var memory = new MemoryLimitStore(time ?? TimeProvider.System);
        var store = new SharedLimitStore(
            new RedisLimitStore(redis, Hasty), memory, Hasty, () => _settings, time ?? TimeProvider.System, loggers.CreateLogger<SharedLimitStore>());
        await HangGuard.Until(() => store.IsConnected, "it is connected");
        return new Gateway(store, memory, redis);
    }

    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    private sealed record Gateway(SharedLimitStore Store, MemoryLimitStore Memory, RedisConnection Redis) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            Memory.Dispose();
            await Redis.DisposeAsync();
        }
    }
}

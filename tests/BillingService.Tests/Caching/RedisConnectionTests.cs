using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace OpenAIProxy.BillingService.Tests.Caching;

/// <summary>How long Redis may hold up a caller, and which threads it may.</summary>
public sealed class RedisConnectionTests
{
    [Fact]
    public async Task Operation_AfterSlowConnecting_HasOnlyTheRestOfTheLimit()
    {
        await using var server = await RedisServer.StartAsync();
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},connectTimeout=60000");
        var (connecting, begun) = (new TaskCompletionSource<IConnectionMultiplexer>(), new TaskCompletionSource());
        var time = new FakeTimeProvider();
        await using var redis = new RedisConnection(() => connecting.Task, NullLogger<RedisConnection>.Instance, time);

        var operation = redis.TryAsync(_ => { begun.SetResult(); return new TaskCompletionSource<bool>().Task; }, default).AsTask();
        time.Advance(RedisConnection.OperationTimeout * 0.8);
        connecting.SetResult(multiplexer);
        await begun.Task.Guarded();
        time.Advance(RedisConnection.OperationTimeout * 0.2);

        Assert.False((await operation.Guarded()).Done);
    }

    [Fact]
    public async Task Connecting_BlocksNoThreadOfThePool()
    {
        var isOfThePool = new TaskCompletionSource<bool>();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:cache"] = "127.0.0.1:1";
        builder.AddRedis("cache");
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ =>
        {
            isOfThePool.SetResult(Thread.CurrentThread.IsThreadPoolThread);
            throw new TimeoutException();
        });
        using var host = builder.Build();

        var (done, _) = await host.Services.GetRequiredService<RedisConnection>().TryAsync(d => d.PingAsync(), default).Guarded();

        Assert.False(done);
        Assert.False(await isOfThePool.Task);
    }
}

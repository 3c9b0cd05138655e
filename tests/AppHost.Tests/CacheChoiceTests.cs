using System.Net.Http.Headers;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using OpenAIProxy.AppHost.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.AppHost.Tests;

/// <summary>Which cache the app gets: by <c>--cache</c>, by configuration, and by what is installed.</summary>
public sealed class CacheChoiceTests
{
    private const string OwnRedis = "127.0.0.1:1,password=of-my-own";

    [Fact]
    public async Task Cache_NamedByAConnectionString_IsThatOne()
    {
        using var tools = new ToolFolder("redis-server").WithFakeEngine();
        await using var model = await Model.CreateAsync(["--demo", "--port", "0"], ("PATH", tools.Path), ("ConnectionStrings__cache", OwnRedis));

        var cache = Assert.IsAssignableFrom<IResourceWithConnectionString>(CacheOf(model));
        Assert.IsNotType<RedisResource>(cache);
        Assert.IsNotAssignableFrom<ExecutableResource>(cache);
        Assert.Equal(OwnRedis, await cache.GetConnectionStringAsync(CancellationToken.None).Guarded());
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("container")]
    public async Task Cache_WithAFakeEngine_IsAContainer(string choice)
    {
        using var tools = new ToolFolder("redis-server").WithFakeEngine();
        await using var model = await Model.CreateAsync(["--demo", "--port", "0", "--cache", choice], ("PATH", tools.Path));

        Assert.IsType<RedisResource>(CacheOf(model));
    }

    [Fact]
    public async Task Cache_WithARedisServerAndNoEngine_IsAProcess()
    {
        using var tools = new ToolFolder("redis-server");
        await using var model = await Model.CreateAsync(["--demo", "--port", "0"], ("PATH", tools.Path));

        AssertIsProcess(CacheOf(model));
    }

    [Fact]
    public async Task Cache_AsAProcessWithAFakeEngineAndAConnectionString_IsAProcess()
    {
        using var tools = new ToolFolder("redis-server").WithFakeEngine();
        await using var model = await Model.CreateAsync(
            ["--demo", "--port", "0", "--cache", "process"], ("PATH", tools.Path), ("ConnectionStrings__cache", OwnRedis));

        AssertIsProcess(CacheOf(model));
    }

    [Fact]
    public async Task Cache_WithNeitherEngineNorRedisServer_IsNone()
    {
        using var tools = new ToolFolder();
        await using var model = await Model.CreateAsync(["--demo", "--port", "0"], ("PATH", tools.Path));

        Assert.Null(CacheOf(model));
    }

    [Theory]
    [InlineData("container", "container engine: neither docker nor podman answers")]
    [InlineData("process", "redis-server: there is none on the PATH")]
    public async Task Cache_ThatThisMachineLacks_IsRefusedWithWhatIsMissing(string choice, string missing)
    {
        using var tools = new ToolFolder();
        var (exitCode, output, error) = await AppHostProcess.RunAsync(["--demo", "--port", "0", "--cache", choice], ("PATH", tools.Path));

        Assert.Equal(64, exitCode);
        Assert.Contains($"--cache {choice} needs", error, StringComparison.Ordinal);
        Assert.Contains(missing, error, StringComparison.Ordinal);
        Assert.DoesNotContain("is ready", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_None_KeepsResultsInMemoryAndNoConnectionStringReachesBilling()
    {
        await using var app = AppHostProcess.Start(["--demo", "--port", "0", "--cache", "none"], ("ConnectionStrings__cache", OwnRedis));
        using var client = new HttpClient { BaseAddress = await app.ReadyAsync(), Timeout = HangGuard.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"sess-{Guid.NewGuid():N}");

        using var first = await client.GetAsync("/billing/credit_grants");
        using var second = await client.GetAsync("/billing/credit_grants");

        Assert.Equal("miss", first.Headers.GetValues("x-openaiproxy-cache").Single());
        Assert.Equal("hit", second.Headers.GetValues("x-openaiproxy-cache").Single());
        Assert.DoesNotContain(app.ProcessOf("BillingService").Environment.Values, value => value.Contains(OwnRedis, StringComparison.Ordinal));
        Assert.DoesNotContain(app.Look(), process => process.CommandLine.Contains("redis", StringComparison.Ordinal));
    }

    private static IResource? CacheOf(IDistributedApplicationTestingBuilder model) => model.Resources.SingleOrDefault(r => r.Name == "cache");

    private static void AssertIsProcess(IResource? cache)
    {
        var process = Assert.IsAssignableFrom<ExecutableResource>(cache);
        Assert.IsAssignableFrom<IResourceWithConnectionString>(process);
        Assert.EndsWith("redis", process.WorkingDirectory.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-'), StringComparison.Ordinal);
    }
}

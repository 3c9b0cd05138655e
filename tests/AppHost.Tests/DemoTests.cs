using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using OpenAIProxy.AppHost.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.AppHost.Tests;

/// <summary>The model of <c>--demo</c>, started: what a caller and Redis see of it.</summary>
public sealed class DemoTests(SharedApps apps)
{
    private const string CacheHeader = "x-openaiproxy-cache";

    [Fact]
    public async Task Demo_Started_BringsAllItsResourcesToHealth()
    {
        var app = await apps.DemoAsync();

        await Task.WhenAll(app.HealthyAsync("simulator"), app.HealthyAsync("cache"), app.HealthyAsync("billing"), app.HealthyAsync("gateway"));
    }

    [Fact]
    public async Task Chat_ThroughTheGateway_IsAnsweredByTheSimulator()
    {
        var app = await apps.DemoAsync();
        using var client = Client(app);

        using var answer = await client.SendAsync(Chat("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello!"}]}"""));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("chat.completion", json.GetProperty("object").GetString());
    }

    [Fact]
    public async Task Stream_ThatUpstreamHoldsOpen_ShowsWhatHasComeSoFar()
    {
        var app = await apps.DemoAsync();
        using var client = Client(app);
        using var request = Chat("""{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello!"}]}""");
        // Half of the events, then silence for as long as the client stays.
        request.Headers.Add("x-sim-fault", "hang");
        request.Headers.Add("x-sim-chunks", "8");

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        for (var left = 4; left > 0;)
        {
            var line = await reader.ReadLineAsync().Guarded();
            Assert.NotNull(line);
            left -= line.Contains("\"content\":\"", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    [Fact]
    public async Task CreditGrants_AskedTwice_AreAMissAndThenAHitAndAreInRedis()
    {
        var app = await apps.DemoAsync();
        await app.HealthyAsync("cache");
        using var client = Client(app);

        // The service goes on without a Redis that is slow for once, and leaves it alone for a while.
        var names = await HangGuard.Until(() => AskTwiceAsync(app, client), names => names.Length > 0, "results are kept in Redis");

        Assert.All(names, name => Assert.DoesNotContain("sess-", name, StringComparison.Ordinal));
    }

    /// <summary>Asks twice with a key that nobody has used before. Returns the names that are new in Redis.</summary>
    private static async Task<string[]> AskTwiceAsync(TestedApp app, HttpClient client)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"sess-{Guid.NewGuid():N}");
        var before = await NamesAsync(app);

        using var first = await client.GetAsync("/billing/credit_grants");
        Assert.True(first.IsSuccessStatusCode, await first.Content.ReadAsStringAsync());
        Assert.Equal("miss", first.Headers.GetValues(CacheHeader).Single());

        using var second = await client.GetAsync("/billing/credit_grants");
        Assert.Equal("hit", second.Headers.GetValues(CacheHeader).Single());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        return [.. (await NamesAsync(app)).Except(before)];
    }

    private static async Task<string[]> NamesAsync(TestedApp app)
    {
        // localhost:36125,password=…
        var cache = app.Resources.OfType<IResourceWithConnectionString>().Single(r => r.Name == "cache");
        var parts = (await cache.GetConnectionStringAsync(CancellationToken.None).Guarded())!.Split(',');
        var password = parts.Single(p => p.StartsWith("password=", StringComparison.Ordinal))["password=".Length..];
        var (exitCode, output, error) = await RunningCommand.RunAsync(
            "redis-cli", ["-h", "127.0.0.1", "-p", parts[0].Split(':')[1], "--scan"], new Dictionary<string, string?> { ["REDISCLI_AUTH"] = password });
        Assert.True(exitCode == 0, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static HttpClient Client(TestedApp app) => new() { BaseAddress = app.Gateway, Timeout = HangGuard.Limit };

    private static HttpRequestMessage Chat(string body)
        => new(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}

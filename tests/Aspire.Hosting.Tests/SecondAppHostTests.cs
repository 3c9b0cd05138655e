using System.Net;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace OpenAIProxy.Hosting.Tests;

/// <summary>OpenAIProxy in somebody else's AppHost (tests/SecondAppHost), as a process, with an app that uses it.</summary>
public sealed class SecondAppHostTests : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private static readonly string Program = Path.Combine(Tree.OutputOf("Standalone"), "openai-proxy");

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("openaiproxy-hosted-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task App_WithTheTool_ChatsAndTheUsagePageIsLinked()
    {
        // As a built program: dotnet run would build first, which takes minutes where several builds run.
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SecondAppHost>([$"--data={_data.FullName}", $"--tool={Program}"]);
        await using var app = await builder.BuildAsync();
        using var limit = new CancellationTokenSource(StartLimit);
        await app.StartAsync(limit.Token);
        var ai = await app.ResourceNotifications.WaitForResourceHealthyAsync("ai", limit.Token);
        await app.ResourceNotifications.WaitForResourceAsync("app", KnownResourceStates.Running, limit.Token);

        using var client = app.CreateHttpClient("app", "http");
        var chat = await client.GetStringAsync("/chat", limit.Token);
        Assert.Contains("gpt-4o-mini", chat, StringComparison.Ordinal);

        var properties = JsonSerializer.Deserialize<Dictionary<string, string>>(await client.GetStringAsync("/properties", limit.Token))!;
        Assert.Equal($"{app.GetEndpoint("ai", "http").AbsoluteUri}v1", properties["AI_ENDPOINT"]);
        Assert.Equal(properties["AI_ENDPOINT"], properties["AI_URI"]);
        Assert.Equal("gpt-4o-mini", properties["AI_MODELNAME"]);
        Assert.Matches("^fk-[0-9A-Za-z]{32,}$", properties["AI_KEY"]);
        Assert.True(File.Exists(Path.Combine(_data.FullName, "ledger.db")));

        using var visitor = new HttpClient();
        var usage = ai.Snapshot.Urls.Single(url => url.DisplayProperties.DisplayName == "Usage").Url;
        Assert.Contains("<html", await visitor.GetStringAsync(new Uri(usage), limit.Token), StringComparison.Ordinal);
        using var stranger = await visitor.GetAsync(new Uri($"{properties["AI_URI"]}/models"), limit.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }
}

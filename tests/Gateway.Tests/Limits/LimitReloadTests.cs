using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Gateway.Tests.Configuration;

namespace OpenAIProxy.Gateway.Tests.Limits;

/// <summary>Limits that change while the gateway runs.</summary>
// A running gateway reads the process's environment again, which others set for a moment while they build theirs.
[Collection(nameof(Alone))]
public sealed class LimitReloadTests : IAsyncLifetime
{
    private readonly SettingsFolder _folder = new();
    private AppUpstream _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await AppUpstream.StartAsync(_ => Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Limit_ThatChanges_IsInForceAndWhatWasCountedStays()
    {
        _folder.Write(Settings(""" "Requests": "3/hour" """, "2/hour"));
        await using var gateway = await StartAsync();
        Assert.Equal("200 200 429", await CallAsync(gateway, 3));

        _folder.Replace(Settings(""" "Requests": "3/hour" """, "10/hour"));
        await HangGuard.Until(() => CallAsync(gateway, 1), status => status == "200", "the limit is another");
        // Of the key's own limit all three are gone.
        Assert.Equal("429", await CallAsync(gateway, 1));

        _folder.Replace(Settings(""" "Requests": "5/hour" """, "10/hour"));
        await HangGuard.Until(() => CallAsync(gateway, 1), status => status == "200", "the key's limit is another");
        Assert.Equal("200 429", await CallAsync(gateway, 2));
    }

    [Fact]
    public async Task Limit_ThatCantBeUsed_ChangesNothing()
    {
        _folder.Write(Settings("", "1/hour"));
        await using var gateway = await StartAsync();
        Assert.Equal("200 429", await CallAsync(gateway, 2));

        _folder.Replace(Settings(""" "Tokens": "5/hour" """, "many"));

        await HangGuard.Until(() => gateway.Logs.Find("Limits:Total:Requests is 'many'").Count > 0, "the log says it");
        Assert.NotEmpty(gateway.Logs.Find("Limits:Tokens is set, but usage is not counted"));
        Assert.Equal("429", await CallAsync(gateway, 1));
    }

    private static string Settings(string ofKey, string total) => $$"""
        { "Access": { "Keys": [ { "Key": "{{Keys.Access}}", "Limits": { {{ofKey}} } } ] }, "Limits": { "Total": { "Requests": "{{total}}" } } }
        """;

    private Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        _upstream.Address,
        builder => builder.Services.AddSingleton<TimeProvider>(new HastyTimers()),
        ("OpenAI:ApiKey", Keys.Operator), ("contentRoot", _folder.Path));

    private static async Task<string> CallAsync(GatewayHost gateway, int count)
    {
        var statuses = new List<int>();
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
            request.Headers.Authorization = new("Bearer", Keys.Access);
            using var answer = await gateway.Client.SendAsync(request).Guarded();
            statuses.Add((int)answer.StatusCode);
        }

        return string.Join(' ', statuses);
    }
}

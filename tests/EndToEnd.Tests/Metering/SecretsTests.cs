using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenAIProxy.Contracts;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>The ledger knows whose usage it is, and nobody's key.</summary>
[Collection(nameof(MeteredApp))]
public sealed class SecretsTests
{
    private const string Report = "/billing/usage?group_by=key";

    [Fact]
    public async Task Keys_OfEveryKind_SeeTheirOwnUsageAndAreWrittenNowhere()
    {
        await using var app = await MeteredApp.StartAsync(keys: 1, logLevel: "Trace");
        var own = DemoApp.NewKey();
        using (var client = new Client(app.Gateway.Address))
        {
            Assert.Equal(Outcome.Whole, await client.CallAsync(CallKind.All[0], own, "own"));
            Assert.Equal(Outcome.Whole, await client.CallAsync(CallKind.All[1], app.Keys[0], "access"));
            await client.CallAsync(CallKind.All[3], own, "left", new CancellationToken(canceled: true));
        }

        await app.Ledger.UntilAsync(rows => rows.Count == 2, "both calls are in the ledger");

        Assert.Equal([KeyId.Of(own).Value], await KeysSeenAsync(app, own));
        Assert.Equal([KeyId.Of(app.Keys[0]).Value], await KeysSeenAsync(app, app.Keys[0]));
        Assert.Equal(new[] { own, app.Keys[0] }.Select(k => KeyId.Of(k).Value).Order(), (await KeysSeenAsync(app, app.AdminToken)).Order());
        await app.AssertNoSecretsAsync(own);
    }

    [Fact]
    public async Task InternalUsage_ThroughTheGateway_IsNotReachable()
    {
        await using var app = await MeteredApp.StartAsync();
        using var client = new HttpClient { BaseAddress = app.Gateway.Address, Timeout = HangGuard.Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, UsageBatch.Path)
        {
            Content = new StringContent("""{"id":"0199e3a0-0000-7000-8000-000000000001","rows":[]}"""),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", app.Keys[0]);
        using var answer = await client.SendAsync(request);

        Assert.NotEqual(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Empty(await app.Ledger.ReadAsync());
    }

    /// <summary>The ids of the keys whose usage somebody is told of, through the gateway.</summary>
    private static async Task<List<string>> KeysSeenAsync(MeteredApp app, string credential)
    {
        using var client = new HttpClient { BaseAddress = app.Gateway.Address, Timeout = HangGuard.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        using var answer = await client.GetAsync(Report);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return [.. JsonElement.Parse(text).GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("key").GetString()!)];
    }
}

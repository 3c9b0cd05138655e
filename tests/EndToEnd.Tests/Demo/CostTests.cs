using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Demo;

/// <summary>What a call in the demo has cost. Its upstream answers keys as OpenAI does today: billing wants a session key.</summary>
public sealed class CostTests(DemoApp demo)
{
    private const string Chat = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello!"}]}""";

    [Fact]
    public async Task CreditGrants_AfterOneChat_AreItsCostFromTheLedger()
    {
        var key = DemoApp.NewKey();
        // Asked before, too: nothing of that answer may be kept.
        Assert.Equal((0m, "ledger"), await UsedAsync(key));

        using var chat = Request(HttpMethod.Post, "/v1/chat/completions", key);
        chat.Content = new StringContent(Chat, new MediaTypeHeaderValue("application/json"));
        using var answer = await demo.Client.SendAsync(chat);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var seen = await HangGuard.Until(() => UsedAsync(key), used => used.Dollars > 0, "the chat's cost is in the ledger");
        Assert.Equal("ledger", seen.Source);
    }

    [Fact]
    public async Task CreditGrants_OfASessionKey_AreUpstreamsOwnWithTheFieldsThatBalanceCheckersRead()
    {
        using var request = Request(HttpMethod.Get, "/dashboard/billing/credit_grants", $"sess-e2e-{Guid.NewGuid():N}");
        using var answer = await demo.Client.SendAsync(request);
        var json = await JsonAsync(answer);

        Assert.Equal("upstream", answer.Headers.GetValues("x-openaiproxy-source").Single());
        Assert.Equal(JsonValueKind.Number, json.GetProperty("total_available").ValueKind);
        Assert.Equal(JsonValueKind.Number, json.GetProperty("grants").GetProperty("data")[0].GetProperty("expires_at").ValueKind);
    }

    [Fact]
    public async Task BannersCurls_PastedOneAfterTheOther_SayWhatTheCallCost()
    {
        var before = await PasteAsync(demo.Banner.BillingCurl);
        await PasteAsync(demo.Banner.Curl);

        await HangGuard.Until(
            () => PasteAsync(demo.Banner.BillingCurl), after => Used(JsonElement.Parse(after)) > Used(JsonElement.Parse(before)), "the call's cost is seen");
    }

    private static decimal Used(JsonElement grants) => grants.GetProperty("total_used").GetDecimal();

    private static async Task<string> PasteAsync(string line)
    {
        await using var shell = RunningCommand.Shell(line);
        var (exitCode, output, error) = await shell.EndAsync();
        Assert.True(exitCode == 0, error);
        return output;
    }

    private static HttpRequestMessage Request(HttpMethod method, string target, string key)
        => new(method, target) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private async Task<(decimal Dollars, string Source)> UsedAsync(string key)
    {
        using var request = Request(HttpMethod.Get, "/billing/credit_grants", key);
        using var answer = await demo.Client.SendAsync(request);
        return (Used(await JsonAsync(answer)), answer.Headers.GetValues("x-openaiproxy-source").Single());
    }
}

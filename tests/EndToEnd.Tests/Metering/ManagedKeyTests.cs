using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>A key that is made at run time opens every gateway, and once it is revoked none.</summary>
public sealed class ManagedKeyTests
{
    private const int CallersOfEach = 4;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task RevokedKey_UnderLoad_OpensNoGatewayTwoSecondsLater()
    {
        await using var app = await MeteredApp.StartAsync(gateways: 2, logLevel: "Debug");
        using var admin = new HttpClient { BaseAddress = app.Gateway.Address, Timeout = HangGuard.Limit };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.AdminToken);
        var (id, secret) = await ReadAsync(await admin.PostAsJsonAsync("/admin/keys", new { name = "ann" }), HttpStatusCode.Created);
        await Task.WhenAll(app.Gateways.Select(gateway => HangGuard.Until(
            () => AskAsync(gateway, secret), status => status == HttpStatusCode.OK, "the new key opens the gateway")));
        var (_, second) = await ReadAsync(await admin.PostAsync($"/admin/keys/{id}/rotate", null), HttpStatusCode.OK);
        await Task.WhenAll(app.Gateways.Select(gateway => HangGuard.Until(
            () => AskAsync(gateway, second), status => status == HttpStatusCode.OK, "the second secret opens the gateway")));

        var calls = new ConcurrentQueue<(TimeSpan Began, HttpStatusCode Status)>();
        var clock = Stopwatch.StartNew();
        using var end = new CancellationTokenSource();
        var load = app.Gateways.SelectMany(gateway => Enumerable.Range(0, CallersOfEach)
            .Select(i => CallAsync(gateway, i % 2 == 0 ? secret : second, clock, calls, end.Token))).ToArray();
        await HangGuard.Until(() => calls.Count > 100, "the load runs");
        using var answer = await admin.PostAsync($"/admin/keys/{id}/revoke", null);
        var revoked = clock.Elapsed;
        await HangGuard.Until(() => calls.Count(call => call.Began > revoked + Bound) > 100, "the load went on");
        await end.CancelAsync();
        await Task.WhenAll(load);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(calls, call => call.Status == HttpStatusCode.OK);
        Assert.DoesNotContain(calls, call => call.Began > revoked + Bound && call.Status != HttpStatusCode.Unauthorized);
        using var audit = JsonDocument.Parse(await admin.GetStringAsync("/admin/audit"));
        Assert.Equal(
            ["revoke", "rotate", "create"],
            audit.RootElement.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("action").GetString()));
        await app.AssertNoSecretsAsync(secret, second);
    }

    private static async Task CallAsync(
        Service gateway, string key, Stopwatch clock, ConcurrentQueue<(TimeSpan, HttpStatusCode)> calls, CancellationToken end)
    {
        using var client = new HttpClient { BaseAddress = gateway.Address, Timeout = HangGuard.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        while (!end.IsCancellationRequested)
        {
            var began = clock.Elapsed;
            using var answer = await client.GetAsync("/v1/models", CancellationToken.None);
            calls.Enqueue((began, answer.StatusCode));
        }
    }

    private static async Task<HttpStatusCode> AskAsync(Service gateway, string key)
    {
        using var client = new HttpClient { BaseAddress = gateway.Address, Timeout = HangGuard.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await client.GetAsync("/v1/models");
        return answer.StatusCode;
    }

    private static async Task<(string Id, string Secret)> ReadAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        using (answer)
        {
            Assert.Equal(status, answer.StatusCode);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("key").GetString()!);
        }
    }
}

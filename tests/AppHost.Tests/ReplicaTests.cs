using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using OpenAIProxy.AppHost.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.AppHost.Tests;

/// <summary>Two gateways and two billing services on a real PostgreSQL and a real Redis.</summary>
public sealed class ReplicaTests
{
    private const int CallsEach = 10;
    private const int Prompt = 100;
    private const int Completion = 7;

    [Fact]
    public async Task Ledger_OfTwoGatewaysAndTwoBillingServices_IsExactAtBoth()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var app = await TestedApp.StartAsync(
            ["--demo", "--port", "0", "--replicas", "2", "--ledger", "postgres"],
            ("ConnectionStrings__ledger", await postgres.CreateDatabaseAsync()), ("ConnectionStrings__cache", redis.ConnectionString));
        var gateways = (await app.InstancesAsync("gateway", 2)).Select(Address).ToArray();
        var billings = (await app.InstancesAsync("billing", 2)).Select(Address).ToArray();
        Assert.Equal(4, gateways.Concat(billings).Distinct().Count());

        // Over each gateway's own address, and over the one that callers use.
        await Task.WhenAll(gateways.Append(app.Gateway).SelectMany(address => Enumerable.Range(0, CallsEach).Select(_ => ChatAsync(address))));

        var adminToken = await app.ParameterAsync("admin-token");
        var expected = new Totals(3 * CallsEach, 3 * CallsEach * Prompt, 3 * CallsEach * Completion);
        foreach (var address in billings.Append(app.Gateway))
        {
            var totals = await HangGuard.Until(
                () => TotalsAsync(address, adminToken), totals => totals.Requests >= expected.Requests, "all usage is in the ledger");
            Assert.Equal(expected, totals);
        }

        Assert.NotEmpty(await redis.CommandAsync("CLIENT", "LIST"));
    }

    // As the instance was told to listen; what the model says is the proxy in front of both.
    private static Uri Address(ResourceEvent instance)
        => new(instance.Snapshot.EnvironmentVariables.Single(v => v.Name == "ASPNETCORE_URLS").Value!.Split(';')[0]);

    private static async Task ChatAsync(Uri gateway)
    {
        using var client = new HttpClient { BaseAddress = gateway, Timeout = HangGuard.Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello!"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-sim-prompt-tokens", Prompt.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("x-sim-completion-tokens", Completion.ToString(CultureInfo.InvariantCulture));
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<Totals> TotalsAsync(Uri address, string adminToken)
    {
        // A run may begin before midnight and end after it.
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        using var client = new HttpClient { BaseAddress = address, Timeout = HangGuard.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        using var answer = await client.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"/billing/usage?group_by=model&start_date={today.AddDays(-1):yyyy-MM-dd}&end_date={today.AddDays(1):yyyy-MM-dd}"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var rows = JsonElement.Parse(text).GetProperty("rows").EnumerateArray().ToArray();
        return new Totals(Sum("requests"), Sum("input_tokens"), Sum("output_tokens"));

        long Sum(string name) => rows.Sum(row => (long)row.GetProperty(name).GetDecimal());
    }

    private sealed record Totals(long Requests, long Input, long Output);
}

using System.Net;
using System.Text.Json;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Queries;

/// <summary><c>GET /v1/usage</c>: what readers of balances look for, each with its type.</summary>
public sealed class BalanceTests : IAsyncLifetime
{
    private static readonly string Key = KeyId.Of("fk-team-alpha").Value;

    private BillingRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await BillingRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Balance_IsTheUnionOfWhatReadersExpect()
    {
        var calls = new Dictionary<int, long> { [LatencyBuckets.Of(100)] = 3 };
        await _rig.Billing.ReportAsync(
            Used.Tokens("2025-01-01", 1_000_000, 100_000, key: Key, requests: 3) with { Duration = calls },
            Used.Tokens("2026-03-15", 2_000_000, model: "gpt-4o-mini", key: Key, requests: 2), Used.Tokens("2026-03-15", 7_000_000));

        var answer = await _rig.Billing.GetForAsync("/v1/usage", Key);
        var json = answer.Json;

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("ledger", answer.Headers["x-openaiproxy-source"]);
        Assert.Equal(("unrestricted", "USD", "active"), (Text("mode"), Text("unit"), Text("status")));
        Assert.NotEqual("", Text("planName"));
        Assert.True(json.GetProperty("isValid").GetBoolean());
        Assert.All((string[])["remaining", "total", "balance", "invalidMessage", "extra"], name
            => Assert.Equal(JsonValueKind.Null, json.GetProperty(name).ValueKind));
        Assert.Equal("3.8", answer.Number("used"));
        Assert.Equal("""{"limit":null,"used":3.8,"remaining":null,"unit":"USD"}""", json.GetProperty("quota").GetRawText());
        var usage = json.GetProperty("usage");
        AssertFigures(usage.GetProperty("today"), 2, 2_000_000, 0, "0.3");
        AssertFigures(usage.GetProperty("total"), 5, 3_000_000, 100_000, "3.8");
        Assert.InRange(usage.GetProperty("average_duration_ms").GetDouble(), 90, 110);
        Assert.InRange(usage.GetProperty("rpm").GetDouble(), 0, 2);
        Assert.InRange(usage.GetProperty("tpm").GetDouble(), 1, 2_000_000);
        var models = json.GetProperty("model_stats").EnumerateArray().ToArray();
        Assert.Equal(["gpt-4o", "gpt-4o-mini"], models.Select(m => m.GetProperty("model").GetString()));
        AssertFigures(models[0], 3, 1_000_000, 100_000, "3.5");

        string? Text(string name) => json.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Balance_WithoutUsage_IsZero_AndWithoutAPriceUnknown()
    {
        Assert.Equal("0", (await _rig.Billing.GetForAsync("/v1/usage", Key)).Number("used"));
        await _rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 10, model: Used.Unpriced, key: Key));

        var answer = await _rig.Billing.GetForAsync("/v1/usage", Key);

        Assert.Equal("null", answer.Number("used"));
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("model_stats")[0].GetProperty("cost").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, answer.Json.GetProperty("extra").ValueKind);
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("usage").GetProperty("average_duration_ms").ValueKind);
    }

    [Fact]
    public async Task Balance_OfManyModels_HasEachNameOnce()
    {
        await _rig.Billing.ReportAsync(
            [.. Enumerable.Range(1, 120)
                .Select(i => Used.Tokens("2026-03-15", 10, model: i == 120 ? UsageDimensions.Other : $"own-{i}", key: Key, requests: i))]);

        var models = (await _rig.Billing.GetForAsync("/v1/usage", Key)).Json.GetProperty("model_stats").EnumerateArray().ToArray();

        Assert.Equal(101, models.Length);
        Assert.Contains(models, m => m.GetProperty("model").GetString() == UsageDimensions.Other);
        Assert.Equal(models.Length, models.Select(m => m.GetProperty("model").GetString()).Distinct().Count());
        Assert.Equal(7260, models.Sum(m => m.GetProperty("requests").GetInt64()));
    }

    private static void AssertFigures(JsonElement figures, long requests, long input, long output, string cost)
    {
        Assert.Equal((requests, input, output, input + output), (Number("requests"), Number("input_tokens"), Number("output_tokens"), Number("total_tokens")));
        Assert.Equal((0, 0), (Number("cache_creation_tokens"), Number("cache_read_tokens")));
        Assert.Equal((cost, cost), (figures.GetProperty("cost").GetRawText(), figures.GetProperty("actual_cost").GetRawText()));

        long Number(string name) => figures.GetProperty(name).GetInt64();
    }
}

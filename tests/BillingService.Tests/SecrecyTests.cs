using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Redis;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>No key in any log or telemetry, whatever happens.</summary>
public sealed class SecrecyTests
{
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    private static readonly string[] Secrets =
    [
        Keys.Secret, Keys.Other, Keys.Session, Keys.Admin, Keys.Operator, "sk-", "sess-", "org-Visible", "?start_date", AdminToken, BillingHost.InternalToken,
    ];

    [Fact]
    public async Task LogsAndTelemetry_OfAllThatCanHappen_HoldNoKey()
    {
        var tags = new ConcurrentQueue<string>();
        using var spans = Spans(tags);
        using var metrics = Metrics(tags);
        await using var redis = await RedisServer.StartAsync();
        await using var rig = await BillingRig.StartAsync(
            ("ConnectionStrings:cache", $"{redis.ConnectionString},syncTimeout=60000"), ("Billing:AdminToken", AdminToken),
            // Where nobody listens. Without one the Redis client makes no spans.
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
        var billing = rig.Billing;
        // One of Redis's spans must be there in the end, however busy the machine.
        billing.Services.GetRequiredService<RedisConnection>().Patience = HangGuard.Limit / 2;
        await billing.UntilHealthAsync("Healthy");

        await AskAllAsync(billing);
        await AskAllAsync(billing);
        rig.Upstream.AnswerWith(403, """{"error":{"message":"must be made with a session key"}}""");
        await AskAllAsync(billing);
        await billing.ReportAsync(Used.Tokens("2026-03-01", 1));
        await billing.GetForAsync("/billing/usage?start_date=2026-03-01", KeyId.Of("fk-team-alpha").Value, Keys.Operator);
        await billing.GetAsync("/billing/usage", Keys.Secret, (InternalHeaders.AdminOnly, "true"), (InternalHeaders.Token, Keys.Other));
        rig.Upstream.AnswerWith(200, "<html>");
        await AskAllAsync(billing);
        await redis.KillAsync();
        rig.Upstream.Instead = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        await AskAllAsync(billing);
        await billing.GetRawAsync("/billing/credit_grants", $"Authorization: Bearer {Keys.Secret}\u0001");
        await billing.GetRawAsync("/billing/credit_grants", $"Authorization Bearer {Keys.Secret}");

        // The Redis client hands its spans over every ten seconds.
        await HangGuard.Until(() => tags.Any(tag => tag.StartsWith("span GET [db.system", StringComparison.Ordinal)), "a span of the Redis client");

        Assert.NotEmpty(billing.Logs.Find("key_"));
        Assert.Contains(tags, tag => tag.Contains("openaiproxy.billing.cache.lookups result=hit", StringComparison.Ordinal));
        Assert.Contains(tags, tag => tag.Contains("openaiproxy.billing.upstream.duration", StringComparison.Ordinal));
        Assert.Contains(tags, tag => tag.StartsWith("span GET /v1/dashboard/billing/usage", StringComparison.Ordinal));
        Assert.Contains(tags, tag => tag.StartsWith("span GET [db.system", StringComparison.Ordinal));
        foreach (var secret in Secrets)
        {
            Assert.Empty(billing.Logs.Find(secret));
            Assert.DoesNotContain(tags, tag => tag.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Logs_AtInformation_SayNothingPerRequest()
    {
        await using var rig = await BillingRig.StartAsync();
        var before = Important(rig.Billing);

        await rig.Billing.GetAsync("/billing/credit_grants");
        await rig.Billing.GetAsync("/billing/credit_grants", key: null);

        Assert.Equal(before, Important(rig.Billing));
    }

    private static async Task AskAllAsync(BillingHost billing)
    {
        foreach (var key in (string?[])[Keys.Secret, Keys.Other, Keys.Session, Keys.Admin, AdminToken, null])
        {
            foreach (var path in (string[])[
                "/billing/credit_grants", "/billing/usage", "/dashboard/billing/usage", "/dashboard/billing/subscription", "/nowhere"])
            {
                await billing.GetAsync($"{path}?start_date=2026-03-01&end_date=2026-03-02", key, ("OpenAI-Organization", "org-Visible"), ("Cache-Control", "no-cache"));
                await billing.GetAsync($"{path}?start_date=2026-03-01&end_date=2026-03-02", key, ("OpenAI-Organization", "org-Visible"));
            }
        }
    }

    // ASP.NET Core's own lines per request are off by default; the Trace level of these tests turns them on.
    private static int Important(BillingHost billing)
        => billing.Logs.Entries.Count(e => e.Level >= Microsoft.Extensions.Logging.LogLevel.Information
            && !e.Category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    private static ActivityListener Spans(ConcurrentQueue<string> tags)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "OpenAIProxy.Billing" or "OpenTelemetry.Instrumentation.StackExchangeRedis",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => tags.Enqueue($"span {span.DisplayName} {string.Join(' ', span.TagObjects)} {span.StatusDescription}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static MeterListener Metrics(ConcurrentQueue<string> tags)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "OpenAIProxy.Billing")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, measured, _) => tags.Enqueue(Text(instrument, measured)));
        listener.SetMeasurementEventCallback<double>((instrument, _, measured, _) => tags.Enqueue(Text(instrument, measured)));
        listener.Start();
        return listener;
    }

    private static string Text(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => instrument.Name + string.Concat(tags.ToArray().Select(tag => $" {tag.Key}={tag.Value}"));
}

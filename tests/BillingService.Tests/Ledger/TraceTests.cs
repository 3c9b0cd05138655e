using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Which of PostgreSQL's commands become spans, and what is in them.</summary>
public sealed class TraceTests(Postgres postgres)
{
    private const string Usage = "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16";

    [Fact]
    public async Task Commands_AreSpansOfTheirRequestOnlyAndHoldNoValues()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            // As OTEL_TRACES_SAMPLER=always_on, which Aspire sets, asks for spans without a parent, too.
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var connection = await postgres.CreateDatabaseAsync();
        var database = new NpgsqlConnectionStringBuilder(connection).Database!;
        var (request, probe) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());
        var key = KeyId.Of("fk-traced").Value;
        await using (var rig = await BillingRig.StartAsync(
            ("Internal:Token", BillingHost.InternalToken), ("ConnectionStrings:ledger", connection), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")))
        {
            await rig.Billing.GetForAsync(Usage, key, key: null, Parent(request));
            await rig.Billing.GetAsync("/health/ready", null, Parent(probe));
        }

        var own = spans.Where(span => span.Tags.Any(tag => tag.Value == database)).ToList();
        Assert.NotEmpty(own);
        Assert.All(own, span => Assert.Equal(request, span.TraceId));
        Assert.Single(own.Select(span => span.ParentSpanId).Distinct());
        // One command, one span.
        Assert.Equal(own.Count, own.Select(span => span.GetTagItem("db.query.text")).Distinct().Count());
        foreach (var tag in own.SelectMany(span => span.TagObjects))
        {
            Assert.DoesNotContain(key, $"{tag.Value}", StringComparison.Ordinal);
            Assert.DoesNotContain("Username=", $"{tag.Value}", StringComparison.OrdinalIgnoreCase);
        }
    }

    private static (string, string) Parent(ActivityTraceId trace)
        => ("traceparent", $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
}

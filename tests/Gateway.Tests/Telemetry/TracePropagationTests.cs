using System.Collections.Concurrent;
using System.Diagnostics;

namespace OpenAIProxy.Gateway.Tests.Telemetry;

/// <summary>What the upstream is told of our trace where a setting allows it. That it is told nothing otherwise is shown with the other headers.</summary>
public sealed class TracePropagationTests
{
    [Fact]
    public async Task TraceContext_WithTheSetting_IsThatOfTheSpanOfTheCall()
    {
        // Listeners hear the hosts of all tests; no other one is in this trace.
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var rig = await Rig.StartAsync(("OpenAI:PropagateTrace", "true"));

        var (request, _) = await rig.ExchangeAsync(
            Rig.Request("GET /v1/models", $"traceparent: 00-{trace}-b7ad6b7169203331-01", "tracestate: vendor=1", "baggage: who=me"));
        await HangGuard.Until(() => spans.Count == 2, "the spans of the server and of the call");

        var call = Assert.Single(spans, s => s.Kind == ActivityKind.Client);
        var server = Assert.Single(spans, s => s.Kind == ActivityKind.Server);
        Assert.Equal(server.SpanId, call.ParentSpanId);
        Assert.Equal((call.Id, "vendor=1", null), (request.Head["traceparent"], request.Head["tracestate"], request.Head["baggage"]));
    }
}

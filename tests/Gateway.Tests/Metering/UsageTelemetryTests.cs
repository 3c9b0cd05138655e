using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>What listeners to metrics and traces see of a call, by OpenTelemetry's names for generative AI.</summary>
public sealed class UsageTelemetryTests : IDisposable
{
    private const string Source = "OpenAIProxy.Gateway";

    // Listeners hear the hosts of all tests; no other one asks for this.
    private readonly string _model = $"gpt-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = new();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly MeterListener _meters = new() { InstrumentPublished = Hear };
    private readonly ActivityListener _activities;

    public UsageTelemetryTests()
    {
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    private string Request => $$"""{"model":"{{_model}}","messages":[{"role":"user","content":"a secret wish"}]}""";

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    [Fact]
    public async Task Call_ThatIsAnswered_ShowsItsTokensAndTimes()
    {
        await CallAsync("""
            {"id":"chatcmpl-1","model":"gpt-4o-mini-2024-07-18","choices":[{"message":{"content":"a secret answer"}}],
            "usage":{"prompt_tokens":20,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":3}}}
            """);

        var span = await SpanAsync();
        Assert.Equal(
            [("gen_ai.client.operation.duration", null), ("gen_ai.client.token.usage", "input"), ("gen_ai.client.token.usage", "output"),
                ("gen_ai.server.time_to_first_token", null)],
            _measured.Select(m => (m.Name, (string?)m.Tags.GetValueOrDefault("gen_ai.token.type"))).Order());
        Assert.Equal([5d, 20d], _measured.Where(m => m.Name == "gen_ai.client.token.usage").Select(m => m.Value).Order());
        Assert.All(_measured, m => Assert.Equal(
            ("chat", "openai", "gpt-4o-mini-2024-07-18", null),
            (m.Tags["gen_ai.operation.name"], m.Tags["gen_ai.provider.name"], m.Tags["gen_ai.response.model"], m.Tags.GetValueOrDefault("error.type"))));
        Assert.Equal(
            [("cache_read.input_tokens", 8L), ("input_tokens", 20L), ("output_tokens", 5L), ("reasoning.output_tokens", 3L)],
            span.TagObjects.Where(t => t.Key.StartsWith("gen_ai.usage.", StringComparison.Ordinal) && t.Value is not 0L)
                .Select(t => (t.Key["gen_ai.usage.".Length..], (long)t.Value!)).Order());
        Assert.Equal("gpt-4o-mini-2024-07-18", span.GetTagItem("gen_ai.response.model"));
        Assert.Equal(($"chat {_model}", ActivityKind.Client, 200), (span.DisplayName, span.Kind, span.GetTagItem("http.response.status_code")));
        Assert.All(
            span.TagObjects.Concat(_measured.SelectMany(m => m.Tags)),
            t => Assert.DoesNotContain("secret", t.Value?.ToString() ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_ThatFails_SaysHow_AndGivesItsModelNoSeriesOfItsOwn()
    {
        await CallAsync("""{"error":{"message":"slow down","code":"rate_limit_exceeded"}}""", "429 Too Many Requests");

        var span = await SpanAsync();
        Assert.Equal(("429", ActivityStatusCode.Error), (span.GetTagItem("error.type"), span.Status));
        Assert.Equal("chat (other)", span.DisplayName);
        Assert.Null(span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Empty(_measured);
    }

    [Fact]
    public async Task Call_BeyondTheDaysNewNames_GivesItsModelNoSeriesOfItsOwn()
    {
        await using var rig = await MeteredRig.StartAsync(("Metering:NewNamesPerDay", "1"));
        foreach (var model in new[] { $"{_model}-before", _model })
        {
            await rig.ExchangeAsync(
                MeteredRig.Post(MeteredRig.Chat, $$"""{"model":"{{model}}"}"""),
                MeteredRig.Answer($$"""{"model":"{{model}}","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":5} }"""));
        }

        await rig.Journal.WaitAsync(2);
        await SpanAsync();
        Assert.Empty(_measured);
    }

    private async Task CallAsync(string answer, string status = "200 OK")
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Request), MeteredRig.Answer(answer, status: status));
        await rig.RecordAsync();
    }

    // A span ends after its answer has gone.
    private async Task<Activity> SpanAsync()
    {
        Activity? span = null;
        await HangGuard.Until(() => (span = _spans.FirstOrDefault(s => _model.Equals(s.GetTagItem("gen_ai.request.model")))) is not null, "the span");
        return span!;
    }

    private static void Hear(Instrument instrument, MeterListener listener)
    {
        if (instrument.Name.StartsWith("gen_ai.", StringComparison.Ordinal))
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = new Dictionary<string, object?>(tags.ToArray());
        if (_model.Equals(all.GetValueOrDefault("gen_ai.request.model")))
        {
            _measured.Enqueue((instrument.Name, value, all));
        }
    }
}

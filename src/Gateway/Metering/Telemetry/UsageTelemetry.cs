using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Metering.Names;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Gateway.Metering.Telemetry;

/// <summary>Usage as metrics and on the span of the call, for whoever listens. Nothing of what was said, no keys.</summary>
internal sealed class UsageTelemetry
{
    /// <summary>Model names come from outside; metrics keep no more different ones than this, besides those of the price book.</summary>
    private const int MostModels = 200;

    /// <summary>Which of the tags names the model that answered.</summary>
    private const int ResponseModelAt = 3;

    private readonly ConcurrentDictionary<string, bool> _models = new();
    private int _modelCount;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;

    private readonly RecordNames _names;

    public UsageTelemetry(IMeterFactory factory, RecordNames names)
    {
        _names = names;
        var meter = factory.Create(GenAI.MeterName);
        _tokens = meter.CreateHistogram(
            GenAI.TokenUsage, "{token}", "Tokens used.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = GenAI.TokenBuckets });
        _duration = meter.CreateHistogram(
            GenAI.Duration, "s", "How long calls take.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = GenAI.DurationBuckets });
        _firstToken = meter.CreateHistogram(
            GenAI.FirstToken, "s", "How long the first token takes.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = GenAI.FirstTokenBuckets });
    }

    /// <summary>Shows a record.</summary>
    /// <param name="endpoint">What was called.</param>
    /// <param name="record">The record.</param>
    /// <param name="asked">The model as it was asked for, which a span may show whatever it is.</param>
    /// <param name="span">The call's; null if nobody listens.</param>
    public void Record(EndpointRow endpoint, UsageRecord record, string asked, Activity? span)
    {
        if (endpoint.Kind is MeterKind.Free)
        {
            return;
        }

        if (span is { IsAllDataRequested: true })
        {
            Tag(span, endpoint, record, asked);
        }

        if (_tokens.Enabled || _duration.Enabled || _firstToken.Enabled)
        {
            Measure(endpoint, record);
        }
    }

    private void Measure(EndpointRow endpoint, UsageRecord record)
    {
        var tags = new TagList
        {
            { GenAI.OperationName, GenAI.OperationOf(endpoint.Name) },
            { GenAI.ProviderName, GenAI.Provider },
            { GenAI.RequestModel, Bounded(record.RequestedModel, record.IsError) },
            { GenAI.ResponseModel, Bounded(record.Lines[0].Model, record.IsError) },
        };
        foreach (var line in record.Lines)
        {
            if (line is { Unit: UsageUnit.Tokens, Estimated: false, Once: null })
            {
                var own = tags;
                if (line.IsOfAnotherModel)
                {
                    own[ResponseModelAt] = new(GenAI.ResponseModel, Bounded(line.Model, record.IsError));
                }

                _tokens.Record(line.Counts.Input, [.. own, new(GenAI.TokenType, GenAI.Input)]);
                _tokens.Record(line.Counts.Output, [.. own, new(GenAI.TokenType, GenAI.Output)]);
            }
        }

        if (ErrorOf(record) is { } error)
        {
            tags.Add(UpstreamSpan.ErrorType, error);
        }

        _duration.Record(record.Duration / 1000.0, tags);
        if (record.FirstToken >= 0)
        {
            _firstToken.Record(record.FirstToken / 1000.0, tags);
        }
    }

    private static void Tag(Activity span, EndpointRow endpoint, UsageRecord record, string asked)
    {
        // The model stands in the body, which is read while it passes: only now is it known for sure.
        var operation = GenAI.OperationOf(endpoint.Name);
        var model = record.RequestedModel;
        span.DisplayName = model.Length > 0 ? $"{operation} {model}" : operation;
        // A GenAI span has none, and with it viewers show "HTTP POST 200" in place of the span's name.
        span.SetTag(UpstreamSpan.Method, null);
        span.SetTag(GenAI.OperationName, operation);
        span.SetTag(GenAI.ProviderName, GenAI.Provider);
        span.SetTag(GenAI.RequestModel, asked.Length > 0 ? asked : null);
        if (ErrorOf(record) is { } error)
        {
            UpstreamSpan.Failed(span, error);
        }

        if (record.Lines[0] is { Unit: UsageUnit.Tokens, Estimated: false } line)
        {
            span.SetTag(GenAI.ResponseModel, line.Model);
            span.SetTag(GenAI.InputTokens, line.Counts.Input);
            span.SetTag(GenAI.OutputTokens, line.Counts.Output);
            span.SetTag(GenAI.CacheReadTokens, line.Counts.CachedInput);
            span.SetTag(GenAI.CacheWriteTokens, line.Counts.CacheWrite);
            span.SetTag(GenAI.ReasoningTokens, line.Counts.ReasoningOutput);
        }
    }

    private static string? ErrorOf(UsageRecord record)
        => record.IsCut ? GenAI.Cut : record.IsError ? record.Status.ToString(CultureInfo.InvariantCulture) : null;

    // Models of the price book are always named: their number is fixed, and they don't count towards the limit.
    private string Bounded(string model, bool isError)
    {
        if (model == UsageDimensions.Other)
        {
            return GenAI.Other;
        }

        if (model.Length == 0 || _names.IsListed(model) || _models.ContainsKey(model))
        {
            return model;
        }

        var isNew = !isError && Volatile.Read(ref _modelCount) < MostModels && _models.TryAdd(model, true);
        if (isNew)
        {
            Interlocked.Increment(ref _modelCount);
        }

        return isNew ? model : GenAI.Other;
    }
}

using System.Collections.Concurrent;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>Everything that a chat or completion answer of one model is made of, rendered once.</summary>
internal sealed class CompletionTemplates
{
    private const int MostModels = 256;

    private static readonly ConcurrentDictionary<string, CompletionTemplates> ChatCache = new();
    private static readonly ConcurrentDictionary<string, CompletionTemplates> TextCache = new();

    private readonly CompletionKind _kind;
    private readonly string _model;
    private readonly string _tier;
    private readonly Template _defaultWhole;
    private readonly Template _defaultUsage;

    private CompletionTemplates(CompletionKind kind, string answeredModel, string tier)
    {
        _kind = kind;
        _model = Json.Quote(answeredModel);
        _tier = Json.Quote(tier);
        _defaultWhole = RenderWhole(TokenCounts.Default);
        _defaultUsage = RenderUsage(TokenCounts.Default);
        Plain = new CompletionEvents(this, withUsage: false);
        WithUsage = new CompletionEvents(this, withUsage: true);
    }

    public CompletionKind Kind => _kind;

    /// <summary>Events of a stream that tells nothing of usage.</summary>
    public CompletionEvents Plain { get; }

    /// <summary>Events of a stream with <c>include_usage</c>: <c>"usage":null</c> in each.</summary>
    public CompletionEvents WithUsage { get; }

    public static CompletionTemplates For(CompletionKind kind, string model, Behavior behavior)
    {
        if (behavior.Model is not null || behavior.ServiceTier != Behavior.DefaultTier)
        {
            return new CompletionTemplates(kind, behavior.Answered(model), behavior.ServiceTier);
        }

        var cache = kind == CompletionKind.Chat ? ChatCache : TextCache;
        if (!cache.TryGetValue(model, out var templates))
        {
            templates = new CompletionTemplates(kind, Models.Answered(model), Behavior.DefaultTier);
            if (cache.Count < MostModels)
            {
                cache[model] = templates;
            }
        }

        return templates;
    }

    /// <summary>The answer of a call that doesn't stream.</summary>
    public Template Whole(TokenCounts tokens) => tokens == TokenCounts.Default ? _defaultWhole : RenderWhole(tokens);

    /// <summary>The extra event that carries the usage of a stream.</summary>
    public Template Usage(TokenCounts tokens) => tokens == TokenCounts.Default ? _defaultUsage : RenderUsage(tokens);

    /// <summary>An event of a stream with these choices.</summary>
    public Template Event(string choices, string usage) => new(_kind == CompletionKind.Chat
        ? $$$"""data: {"id":"chatcmpl-{{{Template.Id}}}","object":"chat.completion.chunk","created":{{{Template.Created}}},"model":{{{_model}}},"service_tier":{{{_tier}}},"system_fingerprint":"fp_simulator","choices":{{{choices}}}{{{usage}}}}""" + "\n\n"
        : $$$"""data: {"id":"cmpl-{{{Template.Id}}}","object":"text_completion","created":{{{Template.Created}}},"model":{{{_model}}},"choices":{{{choices}}}{{{usage}}}}""" + "\n\n");

    private Template RenderUsage(TokenCounts tokens) => Event("[]", $",\"usage\":{UsageJson.Completion(tokens)}");

    private Template RenderWhole(TokenCounts tokens) => new(_kind == CompletionKind.Chat
        ? $$$"""{"id":"chatcmpl-{{{Template.Id}}}","object":"chat.completion","created":{{{Template.Created}}},"model":{{{_model}}},"choices":[{"index":0,"message":{"role":"assistant","content":{{{Json.Quote(Words.Text)}}},"refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{{{UsageJson.Completion(tokens)}}},"service_tier":{{{_tier}}},"system_fingerprint":"fp_simulator"}"""
        : $$$"""{"id":"cmpl-{{{Template.Id}}}","object":"text_completion","created":{{{Template.Created}}},"model":{{{_model}}},"choices":[{"text":{{{Json.Quote(Words.Text)}}},"index":0,"logprobs":null,"finish_reason":"stop"}],"usage":{{{UsageJson.Completion(tokens)}}}}""");
}

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
    private readonly Template _defaultWhole;
    private readonly Template _defaultUsage;

    private CompletionTemplates(CompletionKind kind, string model)
    {
        _kind = kind;
        _model = Json.Quote(Models.Answered(model));
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

    public static CompletionTemplates For(CompletionKind kind, string model)
    {
        var cache = kind == CompletionKind.Chat ? ChatCache : TextCache;
        if (!cache.TryGetValue(model, out var templates))
        {
            templates = new CompletionTemplates(kind, model);
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
        ? $$$"""data: {"id":"chatcmpl-{{{Template.Id}}}","object":"chat.completion.chunk","created":{{{Template.Created}}},"model":{{{_model}}},"service_tier":"default","system_fingerprint":"fp_simulator","choices":{{{choices}}}{{{usage}}}}""" + "\n\n"
        : $$$"""data: {"id":"cmpl-{{{Template.Id}}}","object":"text_completion","created":{{{Template.Created}}},"model":{{{_model}}},"choices":{{{choices}}}{{{usage}}}}""" + "\n\n");

    private Template RenderUsage(TokenCounts tokens) => Event("[]", $",\"usage\":{UsageJson.Completion(tokens)}");

    private Template RenderWhole(TokenCounts tokens) => new(_kind == CompletionKind.Chat
        ? $$$"""{"id":"chatcmpl-{{{Template.Id}}}","object":"chat.completion","created":{{{Template.Created}}},"model":{{{_model}}},"choices":[{"index":0,"message":{"role":"assistant","content":{{{Json.Quote(Words.Text)}}},"refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{{{UsageJson.Completion(tokens)}}},"service_tier":"default","system_fingerprint":"fp_simulator"}"""
        : $$$"""{"id":"cmpl-{{{Template.Id}}}","object":"text_completion","created":{{{Template.Created}}},"model":{{{_model}}},"choices":[{"text":{{{Json.Quote(Words.Text)}}},"index":0,"logprobs":null,"finish_reason":"stop"}],"usage":{{{UsageJson.Completion(tokens)}}}}""");
}

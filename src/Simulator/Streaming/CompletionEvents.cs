using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>The rendered events of chat or completion streams, with or without <c>"usage":null</c>.</summary>
internal sealed class CompletionEvents
{
    private readonly CompletionTemplates _templates;
    private readonly string _usage;
    private readonly Template[] _words;

    public CompletionEvents(CompletionTemplates templates, bool withUsage)
    {
        _templates = templates;
        _usage = withUsage ? ",\"usage\":null" : "";
        var chat = templates.Kind == CompletionKind.Chat;
        Role = chat
            ? templates.Event("""[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]""", _usage)
            : null;
        Finish = templates.Event(
            chat ? """[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]""" : """[{"text":"","index":0,"logprobs":null,"finish_reason":"stop"}]""",
            _usage);
        _words = [.. Enumerable.Range(0, Words.Count).Select(i => Content(Words.At(i)))];
    }

    /// <summary>The first event of a chat stream; null for completions.</summary>
    public Template? Role { get; }

    public Template Finish { get; }

    public Template Word(int index) => _words[index % _words.Length];

    public Template Content(string text) => _templates.Event(
        _templates.Kind == CompletionKind.Chat
            ? $$$"""[{"index":0,"delta":{"content":{{{Json.Quote(text)}}}},"logprobs":null,"finish_reason":null}]"""
            : $$$"""[{"text":{{{Json.Quote(text)}}},"index":0,"logprobs":null,"finish_reason":null}]""",
        _usage);
}

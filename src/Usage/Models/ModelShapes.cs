using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Models;

/// <summary>Where JSON names models.</summary>
internal static class ModelShapes
{
    private static readonly JsonNode Name = new(JsonField.OtherModel);

    private static readonly JsonNode Holder = new() { IgnoresCase = true, ["model"] = Name };

    // The models to fall back on, as OpenRouter, LiteLLM and others take them:
    // ["a", "b"], "a", [{"model":"a"}], [{"a":["b","c"]}]
    private static readonly JsonNode Fallbacks = new(JsonField.OtherModel)
    {
        Element = new(JsonField.OtherModel) { IgnoresCase = true, ["model"] = Name, ["models"] = new() { Element = Name }, Others = new() { Element = Name } },
        IgnoresCase = true,
        ["model"] = Name,
        Others = new() { Element = Name },
    };

    private static readonly JsonNode Tools = MakeTools();

    private static readonly JsonNode Audio = new()
    {
        IgnoresCase = true,
        ["input"] = new() { IgnoresCase = true, ["transcription"] = Holder },
    };

    // What a session and a request of one response have in common.
    private static readonly (string Name, JsonNode Node)[] Members =
    [
        ("models", Fallbacks),
        ("fallback", Fallbacks),
        ("fallbacks", Fallbacks),
        ("fallback_models", Fallbacks),
        ("context_window_fallbacks", Fallbacks),
        ("content_policy_fallbacks", Fallbacks),
        ("plugins", new() { Element = Fallbacks }),
        ("tools", Tools),
        ("tool_resources", Holder),
        ("audio", Audio),
        ("input_audio_transcription", Holder),
        ("transcription", Holder),
    ];

    /// <summary>The body of a request.</summary>
    public static JsonNode Request { get; } = Make(JsonField.Document, JsonField.Model, ("session", Make(JsonField.None, JsonField.OtherModel)));

    /// <summary>A message of a client over a WebSocket.</summary>
    public static JsonNode Message { get; } = Make(
        JsonField.Document,
        JsonField.Model,
        ("type", new(JsonField.Type)),
        ("session", Make(JsonField.None, JsonField.SessionModel)),
        ("response", Make(JsonField.None, JsonField.Model)));

    /// <summary>The body of a request whose graders name models, too, wherever they stand.</summary>
    public static JsonNode Anywhere { get; } = MakeAnywhere();

    private static JsonNode Make(JsonField field, JsonField model, params (string Name, JsonNode Node)[] more)
    {
        var node = new JsonNode(field) { IgnoresCase = true, ["model"] = new(model) };
        foreach (var (name, member) in Members.Concat(more))
        {
            node[name] = member;
        }

        return node;
    }

    // A namespace of tools holds tools.
    private static JsonNode MakeTools()
    {
        var tool = new JsonNode(JsonField.Tool) { IgnoresCase = true, ["type"] = new(JsonField.ToolType), ["model"] = new(JsonField.ToolModel) };
        var tools = new JsonNode { Element = tool };
        tool["tools"] = tools;
        return tools;
    }

    private static JsonNode MakeAnywhere()
    {
        var below = new JsonNode { IgnoresCase = true, ["model"] = Name };
        below.Others = below;
        below.Element = below;
        return new JsonNode(JsonField.Document) { IgnoresCase = true, ["model"] = new(JsonField.Model), Others = below };
    }
}

using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers.Shapes;

/// <summary>
/// Chat completions, legacy completions and embeddings; a stream's chunks look the same, but for delta instead of message. Where both are in
/// a chunk (Perplexity), the message repeats all deltas.
/// </summary>
internal static class CompletionShape
{
    private static readonly JsonNode Text = new(JsonField.Text);

    private static readonly JsonNode Thought = new(JsonField.Text) { IsThought = true };

    // vLLM says it under both names.
    private static readonly JsonNode OldThought = new(JsonField.Text) { IsThought = true, IsRepeated = true };

    private static readonly JsonNode Function = new() { ["arguments"] = Text };

    /// <summary>The answer.</summary>
    public static JsonNode Document { get; } = Of(Message(JsonField.None));

    /// <summary>A chunk of a stream.</summary>
    public static JsonNode Chunk { get; } = Of(Message(JsonField.RepeatedMessage));

    private static JsonNode Message(JsonField field) => new(field)
    {
        ["content"] = new(JsonField.Text) { Element = new() { ["text"] = Text } },
        ["reasoning_content"] = OldThought,
        ["reasoning"] = Thought,
        ["refusal"] = Text,
        ["tool_calls"] = new() { Element = new() { ["function"] = Function, ["custom"] = new() { ["input"] = Text } } },
        ["function_call"] = Function,
        ["audio"] = new() { ["transcript"] = Text },
    };

    private static JsonNode Of(JsonNode message) => new(JsonField.Document)
    {
        ["model"] = new(JsonField.Model),
        ["service_tier"] = new(JsonField.Tier),
        ["object"] = new(JsonField.Object),
        ["error"] = new(JsonField.Error),
        ["usage"] = UsageShape.Usage,
        ["x_groq"] = new() { ["usage"] = UsageShape.SideUsage },
        ["timings"] = UsageShape.Timings,
        ["choices"] = new()
        {
            Element = new()
            {
                ["delta"] = Message(JsonField.None),
                ["message"] = message,
                ["text"] = Text,
                ["finish_reason"] = new(JsonField.FinishReason),
                ["usage"] = UsageShape.SideUsage,
            },
        },
    };
}

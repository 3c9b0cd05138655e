using OpenAIProxy.Gateway.Metering.Answers.Scanning;

namespace OpenAIProxy.Gateway.Metering.Answers.Shapes;

/// <summary>Chat completions, legacy completions and embeddings; a stream's chunks look the same, but for delta instead of message.</summary>
internal static class CompletionShape
{
    private static readonly JsonNode Text = new(JsonField.Text);

    private static readonly JsonNode Function = new() { ["arguments"] = Text };

    private static readonly JsonNode Message = new()
    {
        ["content"] = new(JsonField.Text) { Element = new() { ["text"] = Text } },
        ["reasoning_content"] = Text,
        ["reasoning"] = Text,
        ["refusal"] = Text,
        ["tool_calls"] = new() { Element = new() { ["function"] = Function, ["custom"] = new() { ["input"] = Text } } },
        ["function_call"] = Function,
        ["audio"] = new() { ["transcript"] = Text },
    };

    /// <summary>The answer, or a chunk.</summary>
    public static JsonNode Document { get; } = new(JsonField.Document)
    {
        ["model"] = new(JsonField.Model),
        ["service_tier"] = new(JsonField.Tier),
        ["object"] = new(JsonField.Object),
        ["error"] = new(JsonField.Error),
        ["usage"] = UsageShape.Usage,
        ["choices"] = new() { Element = new() { ["delta"] = Message, ["message"] = Message, ["text"] = Text } },
    };
}

using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers.Shapes;

/// <summary>What upstream works on by itself, and is looked at until it has ended.</summary>
internal static class JobShapes
{
    public static JsonNode Batch { get; } = new(JsonField.Document)
    {
        ["id"] = new(JsonField.Id),
        ["object"] = new(JsonField.Object),
        ["status"] = new(JsonField.Status),
        ["model"] = new(JsonField.Model),
        ["usage"] = UsageShape.Usage,
        ["request_counts"] = new() { ["completed"] = new(JsonField.Completed) },
        ["error"] = new(JsonField.Error),
    };

    public static JsonNode Container { get; } = new(JsonField.Document)
    {
        ["id"] = new(JsonField.Id),
        ["object"] = new(JsonField.Object),
        ["memory_limit"] = new(JsonField.ToolMemory),
        ["error"] = new(JsonField.Error),
    };

    /// <summary>A run of an assistant, or what its stream's events carry.</summary>
    public static JsonNode Run { get; } = new(JsonField.Document)
    {
        ["id"] = new(JsonField.Id),
        ["object"] = new(JsonField.Object),
        ["status"] = new(JsonField.Status),
        ["model"] = new(JsonField.Model),
        ["usage"] = UsageShape.Usage,
        ["error"] = new(JsonField.Error),
    };
}

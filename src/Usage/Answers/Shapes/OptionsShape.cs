using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers.Shapes;

/// <summary>The members of a request that its response is charged by, and that the response repeats, mostly not all of them.</summary>
internal static class OptionsShape
{
    private static readonly JsonNode Container = new() { ["memory_limit"] = new(JsonField.ToolMemory) };

    /// <summary><c>tools</c>.</summary>
    public static JsonNode Tools { get; } = new(JsonField.Tools)
    {
        Element = new(JsonField.Tool)
        {
            ["type"] = new(JsonField.ToolType),
            ["model"] = new(JsonField.ToolModel),
            // That of the code interpreter, and that of the shell.
            ["container"] = Container,
            ["environment"] = Container,
        },
    };

    /// <summary><c>background_options</c>.</summary>
    public static JsonNode Background { get; } = new() { ["completion_window"] = new(JsonField.CompletionWindow) };

    /// <summary><c>prompt_cache_options</c>.</summary>
    public static JsonNode Cache { get; } = new() { ["ttl"] = new(JsonField.CacheTtl) };
}

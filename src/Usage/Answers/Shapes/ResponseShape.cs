using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers.Shapes;

/// <summary>The response object, and the events that carry it.</summary>
internal static class ResponseShape
{
    private static readonly JsonNode Text = new(JsonField.Text);

    private static readonly JsonNode Reasoning = new() { ["effort"] = new(JsonField.Effort) };

    private static readonly JsonNode Action = new() { ["type"] = new(JsonField.ActionType) };

    private static readonly JsonNode ContainerId = new(JsonField.ContainerId);

    // Of a shell; one that ran with the caller has no container.
    private static readonly JsonNode Environment = new() { ["container_id"] = ContainerId };

    /// <summary>What the hosted tools used: beside the usage, not in it. There with zeros where they were not used; may be missing.</summary>
    private static readonly JsonNode ToolUsage = new()
    {
        ["image_gen"] = new(JsonField.ImageToolUsage)
        {
            ["input_tokens"] = new(JsonField.Input),
            ["input_tokens_details"] = UsageShape.InputDetails,
            ["output_tokens"] = new(JsonField.Output),
            ["output_tokens_details"] = new() { ["image_tokens"] = new(JsonField.ImageOutput), ["text_tokens"] = new(JsonField.TextOutput) },
            ["cached_tokens"] = new(JsonField.CachedInput),
            ["cached_tokens_details"] = new() { ["cached_image_tokens"] = new(JsonField.CachedImageInput) },
        },
        ["web_search"] = new() { ["num_requests"] = new(JsonField.Searches) },
    };

    /// <summary>A response object that is the answer: the length of its texts is told too.</summary>
    public static JsonNode Document { get; } = Response(JsonField.Document, WithTexts(Item(JsonField.OutputItem)));

    /// <summary>A response object inside an event: its texts passed before, as deltas.</summary>
    public static JsonNode InEvent { get; } = Response(JsonField.Subject, Item(JsonField.OutputItem));

    /// <summary>The item that an event is about.</summary>
    public static JsonNode EventItem { get; } = Item(JsonField.EventItem);

    /// <summary>An event of a stream.</summary>
    public static JsonNode Event { get; } = new(JsonField.Document)
    {
        ["type"] = new(JsonField.Type),
        ["response"] = InEvent,
        ["item"] = EventItem,
        ["delta"] = Text,
        ["error"] = new(JsonField.Error),
    };

    private static JsonNode Response(JsonField field, JsonNode item) => new(field)
    {
        ["id"] = new(JsonField.Id),
        ["object"] = new(JsonField.Object),
        ["status"] = new(JsonField.Status),
        ["background"] = new(JsonField.Background),
        ["model"] = new(JsonField.Model),
        ["service_tier"] = new(JsonField.Tier),
        ["reasoning"] = Reasoning,
        ["error"] = new(JsonField.Error),
        ["usage"] = UsageShape.Usage,
        ["tool_usage"] = ToolUsage,
        ["tools"] = OptionsShape.Tools,
        ["background_options"] = OptionsShape.Background,
        ["prompt_cache_options"] = OptionsShape.Cache,
        ["output"] = new() { Element = item },
    };

    private static JsonNode Item(JsonField field) => new(field)
    {
        ["type"] = new(JsonField.ItemType),
        ["container_id"] = ContainerId,
        ["environment"] = Environment,
        ["action"] = Action,
    };

    private static JsonNode WithTexts(JsonNode item)
    {
        item["arguments"] = Text;
        item["content"] = new() { Element = new() { ["text"] = Text, ["refusal"] = Text } };
        item["summary"] = new() { Element = new() { ["text"] = new(JsonField.Text) { IsThought = true } } };
        return item;
    }
}

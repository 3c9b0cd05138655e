using OpenAIProxy.Gateway.Metering.Answers.Scanning;

namespace OpenAIProxy.Gateway.Metering.Answers.Shapes;

/// <summary>The usage object, in every dialect: chat says prompt and completion where the rest says input and output, audio and runs say token.</summary>
internal static class UsageShape
{
    private static readonly JsonNode Cached = new()
    {
        ["audio_tokens"] = new(JsonField.CachedAudioInput),
        ["image_tokens"] = new(JsonField.CachedImageInput),
    };

    /// <summary>The kinds of input.</summary>
    public static JsonNode InputDetails { get; } = new()
    {
        ["cached_tokens"] = new(JsonField.CachedInput),
        ["cache_write_tokens"] = new(JsonField.CacheWrite),
        ["audio_tokens"] = new(JsonField.AudioInput),
        ["image_tokens"] = new(JsonField.ImageInput),
        ["cached_tokens_details"] = Cached,
    };

    private static readonly JsonNode OutputDetails = new()
    {
        ["reasoning_tokens"] = new(JsonField.ReasoningOutput),
        ["audio_tokens"] = new(JsonField.AudioOutput),
        ["image_tokens"] = new(JsonField.ImageOutput),
    };

    /// <summary>Told as <see cref="JsonField.Usage"/> when it begins and ends, its numbers between.</summary>
    public static JsonNode Usage { get; } = new(JsonField.Usage)
    {
        ["prompt_tokens"] = new(JsonField.Input),
        ["input_tokens"] = new(JsonField.Input),
        ["completion_tokens"] = new(JsonField.Output),
        ["output_tokens"] = new(JsonField.Output),
        ["prompt_tokens_details"] = InputDetails,
        ["prompt_token_details"] = InputDetails,
        ["input_tokens_details"] = InputDetails,
        ["input_token_details"] = InputDetails,
        ["completion_tokens_details"] = OutputDetails,
        ["completion_token_details"] = OutputDetails,
        ["output_tokens_details"] = OutputDetails,
        ["output_token_details"] = OutputDetails,
        ["seconds"] = new(JsonField.UsageSeconds),
    };
}

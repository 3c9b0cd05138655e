using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers.Shapes;

/// <summary>
/// The usage object, in every dialect: chat says prompt and completion where the rest says input and output, audio, runs and Mistral say
/// token. Compatible servers tell what was cached at the top: DeepSeek as hit and miss, Together and Moonshot as <c>cached_tokens</c>,
/// LiteLLM in Anthropic's words.
/// </summary>
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
        ["cache_write_tokens_details"] = new() { ["ttl_30m_tokens"] = new(JsonField.CacheWrite30m), ["ttl_12h_tokens"] = new(JsonField.CacheWrite12h) },
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
    public static JsonNode Usage { get; } = Of(JsonField.Usage);

    /// <summary>Told as <see cref="JsonField.SideUsage"/>: where some servers put it besides, or instead.</summary>
    public static JsonNode SideUsage { get; } = Of(JsonField.SideUsage);

    /// <summary>llama.cpp's <c>timings</c>: what it worked on, which is all there is where it tells no usage.</summary>
    public static JsonNode Timings { get; } = new(JsonField.SideUsage)
    {
        ["prompt_n"] = new(JsonField.CacheMiss),
        ["cache_n"] = new(JsonField.CachedInput),
        ["predicted_n"] = new(JsonField.Output),
    };

    private static JsonNode Of(JsonField field) => new(field)
    {
        ["prompt_tokens"] = new(JsonField.Input),
        ["input_tokens"] = new(JsonField.Input),
        ["completion_tokens"] = new(JsonField.Output),
        ["output_tokens"] = new(JsonField.Output),
        ["total_tokens"] = new(JsonField.Total),
        ["prompt_cache_hit_tokens"] = new(JsonField.CachedInput),
        ["prompt_cache_miss_tokens"] = new(JsonField.CacheMiss),
        ["cached_tokens"] = new(JsonField.CachedInput),
        ["cache_read_input_tokens"] = new(JsonField.CachedInput),
        ["cache_creation_input_tokens"] = new(JsonField.CacheWrite),
        ["reasoning_tokens"] = new(JsonField.ReasoningOutput),
        ["prompt_tokens_details"] = InputDetails,
        ["prompt_token_details"] = InputDetails,
        ["input_tokens_details"] = InputDetails,
        ["input_token_details"] = InputDetails,
        ["completion_tokens_details"] = OutputDetails,
        ["completion_token_details"] = OutputDetails,
        ["output_tokens_details"] = OutputDetails,
        ["output_token_details"] = OutputDetails,
        ["seconds"] = new(JsonField.UsageSeconds),
        ["service_tier"] = new(JsonField.Tier),
    };
}

using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Requests;

/// <summary>The members of a JSON request that matter.</summary>
internal static class RequestShape
{
    /// <summary>Of most endpoints. The tools of chats cost nothing, and are long.</summary>
    public static JsonNode Request { get; } = Of();

    /// <summary>Of responses, whose tools are charged.</summary>
    public static JsonNode Response { get; } = Of("tools", OptionsShape.Tools);

    /// <summary>Of what is to be spoken, which is charged by its characters.</summary>
    public static JsonNode Speech { get; } = Of("input", new(JsonField.Text));

    private static JsonNode Of(string? name = null, JsonNode? member = null)
    {
        var request = new JsonNode(JsonField.Document)
        {
            IsSettings = true,
            ["model"] = new(JsonField.Model),
            ["n"] = new(JsonField.Count),
            ["max_tokens"] = new(JsonField.MostOutput),
            ["max_completion_tokens"] = new(JsonField.MostOutput),
            ["max_output_tokens"] = new(JsonField.MostOutput),
            ["size"] = new(JsonField.Size),
            ["quality"] = new(JsonField.Quality),
            ["seconds"] = new(JsonField.Seconds),
            ["stream"] = new(JsonField.Stream),
            ["background"] = new(JsonField.Background),
            ["reasoning_effort"] = new(JsonField.Effort),
            ["stream_options"] = new(JsonField.StreamOptions) { IsSettings = true, ["include_usage"] = new(JsonField.IncludeUsage) },
            ["web_search_options"] = new() { IsSettings = true, ["search_context_size"] = new(JsonField.SearchContextSize) },
            ["background_options"] = OptionsShape.Background,
            ["prompt_cache_options"] = OptionsShape.Cache,
        };
        if (name is not null)
        {
            request[name] = member!;
        }

        return request;
    }
}

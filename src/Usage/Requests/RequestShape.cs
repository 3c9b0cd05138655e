using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Requests;

/// <summary>The members of a JSON request that matter.</summary>
internal static class RequestShape
{
    private static readonly JsonNode[] Shapes = Make(readsEndUser: false);
    private static readonly JsonNode[] ShapesWithEndUser = Make(readsEndUser: true);

    /// <summary>Of most endpoints. The tools of chats cost nothing, and are long.</summary>
    public static JsonNode Request => Shapes[0];

    /// <summary>The shape of a request.</summary>
    /// <param name="countInput">True for what is to be spoken, which is charged by its characters.</param>
    /// <param name="readTools">True for responses, whose tools are charged.</param>
    /// <param name="readsEndUser">True if it matters whom the caller calls for.</param>
    public static JsonNode Find(bool countInput, bool readTools, bool readsEndUser)
    {
        var shapes = readsEndUser ? ShapesWithEndUser : Shapes;
        if (countInput)
        {
            return shapes[2];
        }

        return shapes[readTools ? 1 : 0];
    }

    private static JsonNode[] Make(bool readsEndUser)
    {
        JsonNode[] shapes = [Of(), Of("tools", OptionsShape.Tools), Of("input", new(JsonField.Text))];
        foreach (var shape in shapes.Where(_ => readsEndUser))
        {
            shape["user"] = new(JsonField.User);
            shape["safety_identifier"] = new(JsonField.SafetyIdentifier);
        }

        return shapes;
    }

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

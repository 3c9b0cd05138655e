using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>The messages of sockets.</summary>
internal static class SocketShapes
{
    private static readonly JsonNode Text = new(JsonField.Text);

    private static readonly JsonNode Transcription = new() { ["model"] = new(JsonField.TranscriptionModel) };

    private static readonly JsonNode Session = new()
    {
        ["model"] = new(JsonField.SessionModel),
        ["input_audio_transcription"] = Transcription,
        ["audio"] = new() { ["input"] = new() { ["transcription"] = Transcription } },
    };

    /// <summary>An event of the server, alone or inside another.</summary>
    private static readonly JsonNode Inner = new()
    {
        ["type"] = new(JsonField.InnerType),
        ["response"] = ResponseShape.InEvent,
        ["response_id"] = new(JsonField.ResponseId),
        ["item"] = ResponseShape.EventItem,
        ["delta"] = Text,
    };

    /// <summary>Events of a Realtime session, and of responses over a socket.</summary>
    public static JsonNode ServerEvent { get; } = new(JsonField.Document)
    {
        ["type"] = new(JsonField.Type),
        ["stream_id"] = new(JsonField.StreamId),
        ["response_id"] = new(JsonField.ResponseId),
        ["response"] = ResponseShape.InEvent,
        ["item"] = ResponseShape.EventItem,
        ["delta"] = Text,
        ["usage"] = UsageShape.Usage,
        ["session"] = Session,
        ["error"] = new(JsonField.Error),
    };

    /// <summary>
    /// Events of a Live session. What happens to a response that it delegates comes inside <c>response.event</c>; how deep, differs.
    /// <code>{"type":"response.event","event":{"type":"response.completed","response":{"usage":{…}}}}</code>
    /// </summary>
    public static JsonNode LiveEvent { get; } = new(JsonField.Document)
    {
        ["type"] = new(JsonField.Type),
        ["event"] = Inner,
        ["response"] = new()
        {
            ["type"] = new(JsonField.InnerType),
            ["event"] = Inner,
            ["response"] = ResponseShape.InEvent,
        },
        ["usage"] = UsageShape.Usage,
        ["session"] = Session,
    };

    /// <summary>What a client sends: a response is asked for, a session is started or changed.</summary>
    public static JsonNode ClientEvent { get; } = new(JsonField.Document)
    {
        ["type"] = new(JsonField.Type),
        ["stream_id"] = new(JsonField.StreamId),
        ["model"] = new(JsonField.Model),
        ["instructions"] = Text,
        ["tools"] = OptionsShape.Tools,
        ["prompt_cache_options"] = OptionsShape.Cache,
        ["input"] = new(JsonField.Text)
        {
            Element = new()
            {
                ["content"] = new(JsonField.Text) { Element = new() { ["text"] = Text } },
                ["output"] = Text,
                ["arguments"] = Text,
            },
        },
        ["session"] = new() { ["model"] = new(JsonField.SessionModel) },
    };
}

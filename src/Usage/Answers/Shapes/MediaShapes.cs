using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers.Shapes;

/// <summary>Audio, images, video. A stream's events look like the answers, but for the type.</summary>
internal static class MediaShapes
{
    /// <summary>Transcriptions and translations.</summary>
    public static JsonNode Transcription { get; } = new(JsonField.Document)
    {
        ["type"] = new(JsonField.Type),
        ["usage"] = UsageShape.Usage,
        ["duration"] = new(JsonField.Seconds),
        ["error"] = new(JsonField.Error),
    };

    /// <summary>Events of speech.</summary>
    public static JsonNode Speech { get; } = new(JsonField.Document)
    {
        ["type"] = new(JsonField.Type),
        ["usage"] = UsageShape.Usage,
        ["error"] = new(JsonField.Error),
    };

    public static JsonNode Image { get; } = new(JsonField.Document)
    {
        ["type"] = new(JsonField.Type),
        ["model"] = new(JsonField.Model),
        ["size"] = new(JsonField.Size),
        ["quality"] = new(JsonField.Quality),
        ["usage"] = UsageShape.Usage,
        ["error"] = new(JsonField.Error),
        ["data"] = new() { Element = new(JsonField.DataItem) },
    };

    /// <summary>The job that makes a video.</summary>
    public static JsonNode Video { get; } = new(JsonField.Document)
    {
        ["object"] = new(JsonField.Object),
        ["model"] = new(JsonField.Model),
        ["status"] = new(JsonField.Status),
        ["size"] = new(JsonField.Size),
        ["seconds"] = new(JsonField.Seconds),
        ["error"] = new(JsonField.Error),
    };
}

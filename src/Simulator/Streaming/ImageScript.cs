using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>Partial images, then the whole one with usage.</summary>
internal sealed class ImageScript(string prefix, Behavior behavior) : NamedEventScript
{
    public override int Count => behavior.Chunks + 1;

    public override (string Type, string Json) Event(int index)
    {
        if (index < behavior.Chunks)
        {
            return TextEvent(index, Images.Png);
        }

        var type = $"{prefix}.completed";
        return (type, $$"""{"type":"{{type}}",{{Body(Images.Png)}},"usage":{{UsageJson.Image(behavior.Tokens)}}}""");
    }

    protected override (string Type, string Json) TextEvent(int index, string text)
    {
        var type = $"{prefix}.partial_image";
        return (type, $$"""{"type":"{{type}}",{{Body(text)}},"partial_image_index":{{index}}}""");
    }

    private static string Body(string image) =>
        $"\"b64_json\":{Json.Quote(image)},\"created_at\":{Ids.Now()},\"size\":\"1024x1024\",\"quality\":\"high\",\"background\":\"opaque\",\"output_format\":\"png\"";
}

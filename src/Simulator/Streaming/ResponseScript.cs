using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>The life of a response: created, in progress, one message in pieces, completed with usage.</summary>
internal sealed class ResponseScript(string id, string model, Behavior behavior) : NamedEventScript
{
    private const int FirstDelta = 4;

    public override int Count => behavior.Chunks + 8;

    public override (string Type, string Json) Event(int index) => index switch
    {
        0 => Lifecycle("response.created", index, ResponseJson.Unfinished(id, model, "in_progress")),
        1 => Lifecycle("response.in_progress", index, ResponseJson.Unfinished(id, model, "in_progress")),
        2 => Item("response.output_item.added", index, ResponseJson.Message(id, "in_progress", null)),
        3 => Part("response.content_part.added", index, ResponseJson.TextPart("")),
        _ when index < FirstDelta + behavior.Chunks => TextEvent(index, Words.At(index - FirstDelta)),
        _ => Ending(index),
    };

    protected override (string Type, string Json) TextEvent(int index, string text) => (
        "response.output_text.delta",
        $$"""{"type":"response.output_text.delta","sequence_number":{{index}},{{InItem}},"content_index":0,"delta":{{Json.Quote(text)}},"logprobs":[]}""");

    private string InItem => $"\"item_id\":{Json.Quote(ResponseJson.MessageId(id))},\"output_index\":0";

    private (string Type, string Json) Ending(int index)
    {
        var text = Words.Join(behavior.Chunks);
        return (index - FirstDelta - behavior.Chunks) switch
        {
            0 => (
                "response.output_text.done",
                $$"""{"type":"response.output_text.done","sequence_number":{{index}},{{InItem}},"content_index":0,"text":{{Json.Quote(text)}},"logprobs":[]}"""),
            1 => Part("response.content_part.done", index, ResponseJson.TextPart(text)),
            2 => Item("response.output_item.done", index, ResponseJson.Message(id, "completed", text)),
            _ => Lifecycle("response.completed", index, ResponseJson.Completed(id, model, text, behavior.Tokens)),
        };
    }

    private static (string Type, string Json) Lifecycle(string type, int index, string response) =>
        (type, $$"""{"type":"{{type}}","sequence_number":{{index}},"response":{{response}}}""");

    private static (string Type, string Json) Item(string type, int index, string item) =>
        (type, $$"""{"type":"{{type}}","sequence_number":{{index}},"output_index":0,"item":{{item}}}""");

    private (string Type, string Json) Part(string type, int index, string part) =>
        (type, $$"""{"type":"{{type}}","sequence_number":{{index}},{{InItem}},"content_index":0,"part":{{part}}}""");
}

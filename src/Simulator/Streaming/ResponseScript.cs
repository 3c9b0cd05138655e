using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>The life of a response: created, in progress, tools at work, one message in pieces, the end with usage.</summary>
internal sealed class ResponseScript(string id, string model, Behavior behavior, bool background = false) : NamedEventScript
{
    private const int FirstTool = 2;

    private readonly int _message = FirstTool + (2 * behavior.Tools.Count);

    public override int Count => FirstDelta + behavior.Chunks + 4;

    private int FirstDelta => _message + 2;

    private string InItem => $"\"item_id\":{Json.Quote(ResponseJson.MessageId(id))},\"output_index\":{behavior.Tools.Count}";

    public override (string Type, string Json) Event(int index) => index switch
    {
        0 => Lifecycle("response.created", index, ResponseJson.Unfinished(id, model, behavior, "in_progress", background)),
        1 => Lifecycle("response.in_progress", index, ResponseJson.Unfinished(id, model, behavior, "in_progress", background)),
        _ when index < _message => ToolEvent(index),
        _ when index == _message => Item("response.output_item.added", index, behavior.Tools.Count, ResponseJson.Message(id, "in_progress", null)),
        _ when index == _message + 1 => Part("response.content_part.added", index, ResponseJson.TextPart("")),
        _ when index < FirstDelta + behavior.Chunks => TextEvent(index, Words.At(index - FirstDelta)),
        _ => Ending(index),
    };

    protected override (string Type, string Json) TextEvent(int index, string text) => (
        "response.output_text.delta",
        $$"""{"type":"response.output_text.delta","sequence_number":{{index}},{{InItem}},"content_index":0,"delta":{{Json.Quote(text)}},"logprobs":[]}""");

    private (string Type, string Json) ToolEvent(int index)
    {
        var (tool, step) = Math.DivRem(index - FirstTool, 2);
        return step == 0
            ? Item("response.output_item.added", index, tool, ToolCalls.Item(id, behavior.Tools[tool], tool, "in_progress"))
            : Item("response.output_item.done", index, tool, ToolCalls.Item(id, behavior.Tools[tool], tool));
    }

    private (string Type, string Json) Ending(int index)
    {
        var text = Words.Join(behavior.Chunks);
        return (index - FirstDelta - behavior.Chunks) switch
        {
            0 => (
                "response.output_text.done",
                $$"""{"type":"response.output_text.done","sequence_number":{{index}},{{InItem}},"content_index":0,"text":{{Json.Quote(text)}},"logprobs":[]}"""),
            1 => Part("response.content_part.done", index, ResponseJson.TextPart(text)),
            2 => Item("response.output_item.done", index, behavior.Tools.Count, ResponseJson.Message(id, "completed", text)),
            _ => Lifecycle($"response.{behavior.ResponseStatus}", index, ResponseJson.Of(id, model, text, behavior, background)),
        };
    }

    private static (string Type, string Json) Lifecycle(string type, int index, string response)
        => (type, $$"""{"type":"{{type}}","sequence_number":{{index}},"response":{{response}}}""");

    private static (string Type, string Json) Item(string type, int index, int outputIndex, string item)
        => (type, $$"""{"type":"{{type}}","sequence_number":{{index}},"output_index":{{outputIndex}},"item":{{item}}}""");

    private (string Type, string Json) Part(string type, int index, string part)
        => (type, $$"""{"type":"{{type}}","sequence_number":{{index}},{{InItem}},"content_index":0,"part":{{part}}}""");
}

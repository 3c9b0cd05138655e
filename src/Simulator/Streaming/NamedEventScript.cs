using System.Buffers;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>A stream whose events have an <c>event:</c> line with the <c>type</c> of their JSON.</summary>
internal abstract class NamedEventScript : StreamScript
{
    /// <summary>The type and the JSON of event <paramref name="index"/>.</summary>
    public abstract (string Type, string Json) Event(int index);

    /// <summary>A content event with this text in place of event <paramref name="index"/>.</summary>
    protected abstract (string Type, string Json) TextEvent(int index, string text);

    public override void Write(int index, IBufferWriter<byte> output) => output.Write(Frame(Event(index)));

    public override byte[] Content(string text) => Frame(TextEvent(1, text));

    public override byte[] Error(int index) => Frame(ErrorEvent(index));

    /// <summary>The event that tells of an error in place of event <paramref name="index"/>.</summary>
    public virtual (string Type, string Json) ErrorEvent(int index) => (
        "error",
        $$"""{"type":"error","code":"server_error","message":"The server had an error while processing your request. Sorry about that!","param":null,"sequence_number":{{index}}}""");

    private static byte[] Frame((string Type, string Json) e) => Json.Bytes($"event: {e.Type}\ndata: {e.Json}\n\n");
}

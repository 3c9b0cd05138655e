using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>Speech as events: pieces of audio in base64, then usage.</summary>
internal sealed class SpeechScript(Behavior behavior) : NamedEventScript
{
    public override int Count => behavior.Chunks + 1;

    public override (string Type, string Json) Event(int index) => index < behavior.Chunks
        ? TextEvent(index, "c2ltdWxhdGVkIGF1ZGlv")
        : ("speech.audio.done", $$"""{"type":"speech.audio.done","usage":{{UsageJson.Speech(behavior.Tokens)}}}""");

    protected override (string Type, string Json) TextEvent(int index, string text)
        => ("speech.audio.delta", $$"""{"type":"speech.audio.delta","audio":{{Json.Quote(text)}}}""");
}

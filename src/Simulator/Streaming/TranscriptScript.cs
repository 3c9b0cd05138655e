using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>A transcription as events: words, then the whole text with usage.</summary>
internal sealed class TranscriptScript(Behavior behavior) : NamedEventScript
{
    public override int Count => behavior.Chunks + 1;

    public override (string Type, string Json) Event(int index) => index < behavior.Chunks
        ? TextEvent(index, Words.At(index))
        : (
            "transcript.text.done",
            $$"""{"type":"transcript.text.done","text":{{Json.Quote(Words.Join(behavior.Chunks))}},"usage":{{UsageJson.Transcription(behavior.Tokens)}}}""");

    protected override (string Type, string Json) TextEvent(int index, string text)
        => ("transcript.text.delta", $$"""{"type":"transcript.text.delta","delta":{{Json.Quote(text)}}}""");
}

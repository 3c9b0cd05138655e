using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Transcriptions and translations, as JSON or as events.</summary>
internal sealed class TranscriptionMeter(RequestFacts facts, bool isStream) : JsonMeter(facts, MediaShapes.Transcription, isStream)
{
    private long _duration = -1;

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        if (field == JsonField.Seconds)
        {
            // A number; a string in older answers.
            _duration = Numbers.Milliseconds(value);
        }
        else
        {
            base.OnValue(field, value, isString);
        }
    }

    public override void OnDocument()
    {
        if (Event == EventType.Transcribed)
        {
            End();
        }
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        if (Usage.HasSome)
        {
            lines.Add(TokenLine());
        }
        else if (Usage.HasTime || _duration >= 0)
        {
            lines.Add(Line(UsageUnit.Milliseconds, new UsageCounts { Quantity = Usage.HasTime ? Usage.Milliseconds : _duration }));
        }
        else if (!HasFailed)
        {
            // What counts is how much was heard, and that nobody says.
            lines.Add(Line(UsageUnit.Unmetered, new UsageCounts()));
        }
    }
}

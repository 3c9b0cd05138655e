using System.Text;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Meters of an object that upstream works on by itself: which one it is, and how far.</summary>
/// <param name="facts">What the request says.</param>
/// <param name="shape">What is read of the object.</param>
/// <param name="isStream">True for a stream of events.</param>
/// <param name="kind">What the object's member <c>object</c> says, such as <c>batch</c>.</param>
internal abstract class JobMeter(RequestFacts facts, JsonNode shape, bool isStream, string kind) : JsonMeter(facts, shape, isStream)
{
    /// <summary>The object's id; empty as long as none is told.</summary>
    protected string Id { get; private set; } = "";

    /// <summary>How far it is, as far as it has said.</summary>
    protected ResponseStatus Status { get; private set; }

    /// <summary>True if it is the object that is metered, false for another one; null as long as it doesn't say.</summary>
    protected bool? IsKind { get; private set; }

    /// <summary>True if it is the object that is metered, and upstream works on it no more.</summary>
    protected bool IsOverUpstream => IsKind == true && Status is not (ResponseStatus.None or ResponseStatus.Unfinished);

    public override void OnOpen(JsonField field)
    {
        if (field == JsonField.Document)
        {
            Status = ResponseStatus.None;
            IsKind = null;
            Usage = default;
        }

        base.OnOpen(field);
    }

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Id when isString:
                Id = Text(value, Id);
                break;
            case JsonField.Object:
                IsKind = Ascii.Equals(value, kind);
                break;
            case JsonField.Status:
                Status = OpenAINames.Status(value);
                break;
            default:
                base.OnValue(field, value, isString);
                break;
        }
    }
}

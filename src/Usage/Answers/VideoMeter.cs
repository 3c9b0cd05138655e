using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Videos: the job that is created says how many seconds of which size.</summary>
internal sealed class VideoMeter(RequestFacts facts) : JobMeter(facts, MediaShapes.Video, isStream: false, "video")
{
    private long _duration = -1;
    private string _size = "";

    protected override bool HasFailed => base.HasFailed || Status == ResponseStatus.Failed;

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Seconds:
                // "8", or 8.
                _duration = Numbers.Milliseconds(value);
                break;
            case JsonField.Size when isString:
                _size = Text(value, _size);
                break;
            default:
                base.OnValue(field, value, isString);
                break;
        }
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        if (Facts.IsRead || IsKind == false || HasFailed)
        {
            return;
        }

        var isAsked = _duration < 0;
        var duration = isAsked && Facts.Seconds is { } asked ? Numbers.Milliseconds(Encoding.UTF8.GetBytes(asked)) : _duration;
        var size = _size.Length > 0 ? _size : Facts.Size ?? "auto";
        lines.Add(duration < 0
            ? Line(UsageUnit.Unmetered, new UsageCounts())
            : Line(UsageUnit.Video + size, new UsageCounts { Quantity = duration }, isEstimated: isAsked));
    }
}

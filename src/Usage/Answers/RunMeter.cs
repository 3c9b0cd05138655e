using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Runs of assistants, streamed or looked at. What a run used counts once, when it is seen at its end; its steps are parts of it.</summary>
internal sealed class RunMeter(RequestFacts facts, bool isStream) : JsonMeter(facts, JobShapes.Run, isStream)
{
    private string _id = "";
    private ResponseStatus _status;
    private bool _isRun;
    private UsageReading _run;
    private string _runId = "";

    public override void OnOpen(JsonField field)
    {
        if (field == JsonField.Document)
        {
            _status = ResponseStatus.None;
            _isRun = false;
            Usage = default;
        }

        base.OnOpen(field);
    }

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Id when isString:
                _id = Text(value, _id);
                break;
            case JsonField.Object:
                _isRun = value.SequenceEqual("thread.run"u8);
                break;
            case JsonField.Status:
                _status = OpenAINames.Status(value);
                break;
            default:
                base.OnValue(field, value, isString);
                break;
        }
    }

    public override void OnClose(JsonField field)
    {
        base.OnClose(field);
        if (field == JsonField.Document && _isRun && Usage.HasTokens && _status is not (ResponseStatus.None or ResponseStatus.Unfinished))
        {
            _run = Usage;
            _runId = _id;
        }
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        if (_runId.Length > 0)
        {
            var counts = _run.Tokens(out var isInferred);
            lines.Add(Line(UsageUnit.Tokens, counts, isInferred, _runId));
        }
    }
}

using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>A batch that is looked at. What it used counts once, when it is seen at its end.</summary>
internal sealed class BatchMeter(RequestFacts facts) : JsonMeter(facts, JobShapes.Batch, isStream: false)
{
    private string _id = "";
    private ResponseStatus _status;
    private bool _isBatch;
    private long _completed = -1;

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Id when isString:
                _id = Text(value, _id);
                break;
            case JsonField.Object:
                _isBatch = value.SequenceEqual("batch"u8);
                break;
            case JsonField.Status:
                _status = OpenAINames.Status(value);
                break;
            case JsonField.Completed:
                _completed = Numbers.Count(value);
                break;
            default:
                base.OnValue(field, value, isString);
                break;
        }
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        if (!_isBatch || _id.Length == 0 || _status is ResponseStatus.None or ResponseStatus.Unfinished)
        {
            return;
        }

        var tokens = Usage.Tokens(out var isInferred);
        if (tokens.Input > 0 || tokens.Output > 0)
        {
            lines.Add(new UsageLine(Model, ServiceTier.Batch, UsageUnit.Tokens, isInferred, tokens, _id));
        }
        else if (_completed != 0 && (_completed > 0 || _status != ResponseStatus.Failed))
        {
            // Older batches, and other servers, leave it in the output file.
            lines.Add(new UsageLine(Model, ServiceTier.Batch, UsageUnit.Unmetered, Estimated: false, new UsageCounts(), _id));
        }
    }
}

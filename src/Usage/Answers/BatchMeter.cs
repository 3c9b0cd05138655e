using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>A batch that is looked at. What it used counts once, when it is seen at its end.</summary>
internal sealed class BatchMeter(RequestFacts facts) : JobMeter(facts, JobShapes.Batch, isStream: false, "batch")
{
    private long _completed = -1;

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        if (field == JsonField.Completed)
        {
            _completed = Numbers.Count(value);
        }
        else
        {
            base.OnValue(field, value, isString);
        }
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        if (!IsOverUpstream || Id.Length == 0)
        {
            return;
        }

        var tokens = Usage.Tokens(out var isInferred);
        if (tokens.Input > 0 || tokens.Output > 0)
        {
            lines.Add(new UsageLine(Model, ServiceTier.Batch, UsageUnit.Tokens, isInferred, tokens, Id));
        }
        else if (_completed != 0 && (_completed > 0 || Status != ResponseStatus.Failed))
        {
            // Older batches, and other servers, leave it in the output file.
            lines.Add(new UsageLine(Model, ServiceTier.Batch, UsageUnit.Unmetered, Estimated: false, new UsageCounts(), Id));
        }
    }
}

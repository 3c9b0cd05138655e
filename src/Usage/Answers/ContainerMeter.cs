using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>
/// A container that is made for responses to run code in by its id. Only here is its size known; the responses that run in it count it
/// under the same id.
/// </summary>
internal sealed class ContainerMeter(RequestFacts facts) : JsonMeter(facts, JobShapes.Container, isStream: false)
{
    private ulong? _id;
    private bool _isContainer;
    private string? _memory;

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Id when isString && !value.IsEmpty:
                _id = OpenAINames.Container(value);
                break;
            case JsonField.Object:
                _isContainer = value.SequenceEqual("container"u8);
                break;
            case JsonField.ToolMemory:
                _memory = OpenAINames.Memory(value, isString);
                break;
            default:
                base.OnValue(field, value, isString);
                break;
        }
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        if (_id is not { } id || !_isContainer)
        {
            lines.Add(Line(UsageUnit.Unmetered, new UsageCounts()));
        }
        else
        {
            lines.Add(Line(UsageUnit.CodeInterpreter + _memory, new UsageCounts { Quantity = 1 }, isEstimated: true, id == 0 ? null : ToolLines.OnceOf(id)));
        }
    }
}

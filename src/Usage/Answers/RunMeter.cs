using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Runs of assistants, streamed or looked at. What a run used counts once, when it is seen at its end; its steps are parts of it.</summary>
internal sealed class RunMeter(RequestFacts facts, bool isStream) : JobMeter(facts, JobShapes.Run, isStream, "thread.run")
{
    private UsageReading _run;
    private string _runId = "";

    public override void OnClose(JsonField field)
    {
        base.OnClose(field);
        if (field == JsonField.Document && IsOverUpstream && Usage.HasTokens)
        {
            _run = Usage;
            _runId = Id;
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

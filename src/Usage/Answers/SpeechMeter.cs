using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Speech as events: tokens in the last one. As plain audio it is counted by the characters that were asked to be spoken.</summary>
internal sealed class SpeechMeter(RequestFacts facts, bool isStream) : JsonMeter(facts, MediaShapes.Speech, isStream)
{
    /// <summary>What plain audio costs: it is billed whole, whether or not anybody heard it to its end.</summary>
    public static UsageLine Characters(RequestFacts facts) => facts.Characters > 0
        ? new UsageLine("", ServiceTier.Default, UsageUnit.Characters, Estimated: false, new UsageCounts { Quantity = facts.Characters })
        : new UsageLine("", ServiceTier.Default, UsageUnit.Unmetered, Estimated: false, new UsageCounts());

    public override void OnDocument()
    {
        if (Event == EventType.Spoken)
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
        else if (!HasFailed)
        {
            var line = Characters(Facts);
            lines.Add(line.Unit == UsageUnit.Characters ? line with { Estimated = true } : line);
        }
    }
}

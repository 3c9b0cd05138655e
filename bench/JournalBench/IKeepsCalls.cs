using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Calls;

namespace OpenAIProxy.JournalBench;

/// <summary>A way to keep calls so that a killed process loses none: one that was open is found as cut.</summary>
internal interface IKeepsCalls : IDisposable
{
    /// <summary>Keeps a call from its start to its end.</summary>
    public void Keep(in CallStart call, UsageRecord record);
}

using OpenAIProxy.Simulator.Behaviors;

namespace OpenAIProxy.Simulator.Recording;

/// <summary>A call that has begun and is in the tally as that.</summary>
internal sealed class TalliedCall(TallyCell cell, TokenCounts tokens)
{
    /// <summary>Its answer was written to the end. Once.</summary>
    public void Answered() => cell.Answer(tokens);
}

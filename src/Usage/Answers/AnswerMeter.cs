namespace OpenAIProxy.Usage.Answers;

/// <summary>
/// Finds what an answer used while its bytes pass. Never throws, never waits, keeps a small window and never the body; what it can't read
/// it gives up on, and says so by <see cref="Contracts.UsageUnit.Unmetered"/>.
/// </summary>
internal abstract class AnswerMeter
{
    /// <summary>True once nothing that follows can change the usage: a stream's end mark has passed.</summary>
    public abstract bool IsOver { get; }

    /// <summary>Tokens; how much output has passed, by the length of its texts.</summary>
    public abstract int OutputEstimate { get; }

    /// <summary>Tokens; how much of <see cref="OutputEstimate"/> is what a model thought, or a summary of it.</summary>
    public virtual int ThoughtEstimate => 0;

    /// <summary>When the answer came; set before it is finished.</summary>
    public AnswerTimes Times { get; set; } = new(-1, 0);

    /// <summary>Takes the next bytes of the body, decoded from its Content-Encoding, cut anywhere.</summary>
    public abstract void Observe(ReadOnlySpan<byte> body);

    /// <summary>What was used.</summary>
    /// <param name="isWhole">True if the body came to its end; false if the client left or the upstream broke off.</param>
    public abstract AnswerUsage Finish(bool isWhole);
}

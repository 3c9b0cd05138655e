namespace OpenAIProxy.Usage.Answers;

/// <summary>For answers whose usage is known without a look at them.</summary>
/// <param name="line">What they used.</param>
/// <param name="isError">True for failures.</param>
/// <param name="isEstimatedIfCut">True if less may have been used when the answer was cut.</param>
internal sealed class FixedMeter(UsageLine line, bool isError = false, bool isEstimatedIfCut = false) : AnswerMeter
{
    public override bool IsOver => false;

    public override int OutputEstimate => 0;

    public override void Observe(ReadOnlySpan<byte> body)
    {
    }

    public override AnswerUsage Finish(bool isWhole)
        => new([isWhole || !isEstimatedIfCut ? line : line with { Estimated = true }], isError, IsCut: !isWhole);
}

using OpenAIProxy.Gateway.Limits.Stores;

namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>A limit that a call is under.</summary>
/// <param name="Counter">Where it is counted.</param>
/// <param name="Measure">What is counted.</param>
/// <param name="Scope">Who shares it.</param>
internal sealed record LimitRule(Counter Counter, LimitMeasure Measure, LimitScope Scope)
{
    /// <summary>True if only the answer tells how much it is.</summary>
    public bool IsOfTokens => Measure is LimitMeasure.Tokens or LimitMeasure.InputTokens or LimitMeasure.OutputTokens;

    /// <summary>What a call is reserved with.</summary>
    /// <param name="estimate">Tokens.</param>
    /// <param name="cost">Micro-dollars.</param>
    public long AmountOf(TokenEstimate estimate, long cost) => Measure switch
    {
        LimitMeasure.Spending => cost,
        LimitMeasure.Tokens => TokenEstimate.Amount(estimate.Input + estimate.Output, estimate.Unsaid, Counter.Limit),
        LimitMeasure.InputTokens => TokenEstimate.Amount(estimate.Input, 0, Counter.Limit),
        LimitMeasure.OutputTokens => TokenEstimate.Amount(estimate.Output, estimate.Unsaid, Counter.Limit),
        _ => 1,
    };

    /// <summary>What a call has used.</summary>
    /// <param name="used">Tokens and micro-dollars.</param>
    public long UsedOf(UsedAmounts used) => Measure switch
    {
        LimitMeasure.Spending => used.Cost,
        LimitMeasure.Tokens => used.Input + used.Output,
        LimitMeasure.InputTokens => used.Input,
        LimitMeasure.OutputTokens => used.Output,
        _ => 1,
    };
}

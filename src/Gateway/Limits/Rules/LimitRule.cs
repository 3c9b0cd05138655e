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
}

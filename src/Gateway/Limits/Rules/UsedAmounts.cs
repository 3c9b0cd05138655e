namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>What a call, or a response of a session, has used.</summary>
/// <param name="Input">Tokens of what was asked.</param>
/// <param name="Output">Tokens of what was answered.</param>
/// <param name="Cost">Micro-dollars.</param>
internal readonly record struct UsedAmounts(long Input, long Output, long Cost);

namespace OpenAIProxy.Gateway.Limits.Stores;

/// <summary>An amount that is to be counted.</summary>
/// <param name="Counter">Where.</param>
/// <param name="Amount">How much, 0 or more; 1 for <see cref="CounterKind.Concurrency"/>.</param>
internal readonly record struct Charge(Counter Counter, long Amount);

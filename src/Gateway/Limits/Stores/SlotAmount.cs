namespace OpenAIProxy.Gateway.Limits.Stores;

/// <summary>What was counted in a slot of a sliding window.</summary>
/// <param name="Age">How many slots ago; 0 for the present one.</param>
/// <param name="Amount">How much.</param>
internal readonly record struct SlotAmount(long Age, long Amount);

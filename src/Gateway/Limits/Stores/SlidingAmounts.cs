namespace OpenAIProxy.Gateway.Limits.Stores;

/// <summary>What one gateway has counted in a sliding window.</summary>
/// <param name="Name">The counter's name.</param>
/// <param name="SlotMilliseconds">Milliseconds of a slot.</param>
/// <param name="Slots">The amounts.</param>
internal sealed record SlidingAmounts(string Name, long SlotMilliseconds, IReadOnlyList<SlotAmount> Slots);

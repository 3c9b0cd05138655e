using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary>What gateways tell of the keys in their settings, put together.</summary>
/// <param name="Version">Another one means other keys.</param>
/// <param name="Keys">The keys that are in the settings of some gateway now.</param>
/// <param name="Common">What the newest settings say for all keys; null if no gateway ever told.</param>
/// <param name="Known">All keys that were ever in somebody's settings: usage of one that was taken away keeps its owner and team.</param>
internal sealed record RosterBook(string Version, IReadOnlyList<RosterKey> Keys, RosterCommon? Common, IReadOnlyList<KnownKey> Known);

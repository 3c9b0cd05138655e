namespace OpenAIProxy.Gateway.Access;

/// <summary>One secret of an access key.</summary>
/// <param name="Hash">Its SHA-256.</param>
/// <param name="Rules">The key's rules; null if it isn't in force any more.</param>
/// <param name="NotAfter">Until when it opens the gateway; null without an end.</param>
internal sealed record KeyEntry(byte[] Hash, KeyRules? Rules, DateTimeOffset? NotAfter);

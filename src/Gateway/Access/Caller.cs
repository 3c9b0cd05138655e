namespace OpenAIProxy.Gateway.Access;

/// <summary>Who is calling, as far as forwarding and metering must know: which credential travels on, and whose usage it is.</summary>
/// <param name="Key">
/// The key to show upstream; null if the request's own Authorization header travels on as it is, which is then the only
/// credential. A secret: never logged, never in a message.
/// </param>
/// <param name="UsesOperatorKey">True if that is the operator's key, so nothing that names the caller may go with it.</param>
/// <param name="IsGuest">
/// True if the operator's key is used by somebody else than the person at this machine: what is asked of the API is theirs, the account is not.
/// </param>
/// <param name="KeyId">
/// Whose usage it is: the <see cref="Contracts.KeyId"/> of the access key or of the caller's own key, or
/// <see cref="Contracts.UsageDimensions.Anonymous"/>.
/// </param>
/// <param name="Place">Where the caller's key stood: one of their own leaves where it came.</param>
/// <param name="Rules">The rules of the access key; null for any other caller.</param>
/// <param name="Ending">The last characters of the caller's own key; none for access keys, whose names are settings.</param>
internal readonly record struct Caller(
    string? Key, bool UsesOperatorKey, bool IsGuest, string KeyId, KeyPlace Place = KeyPlace.Authorization, KeyEnding Ending = default,
    KeyRules? Rules = null);

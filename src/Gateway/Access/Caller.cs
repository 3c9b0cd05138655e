namespace OpenAIProxy.Gateway.Access;

/// <summary>Who is calling, as far as forwarding must know: which credential travels on.</summary>
/// <param name="Key">
/// The key to show upstream; null if the request's own Authorization header travels on as it is. A secret: never logged, never in a message.
/// </param>
/// <param name="UsesOperatorKey">True if that is the operator's key, so nothing that names the caller may go with it.</param>
/// <param name="IsGuest">
/// True if the operator's key is used by somebody else than the person at this machine: what is asked of the API is theirs, the account is not.
/// </param>
internal readonly record struct Caller(string? Key, bool UsesOperatorKey, bool IsGuest);

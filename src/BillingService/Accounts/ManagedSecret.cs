namespace OpenAIProxy.BillingService.Accounts;

/// <summary>What is known of a secret that somebody shows.</summary>
/// <param name="IsManaged">True if it is, or was, that of an access key made at run time.</param>
/// <param name="Id">That key's id; null if the secret opens nothing now.</param>
internal readonly record struct ManagedSecret(bool IsManaged, string? Id);

using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>Finds managed keys by their secrets. The id of a key is that of its first secret, which may have been replaced.</summary>
internal sealed class SecretLookup(KeyStore keys, TimeProvider time) : IManagedKeys
{
    public async Task<ManagedSecret> FindAsync(string secret, CancellationToken cancellationToken)
    {
        var book = await keys.ReadAsync(cancellationToken);
        var hash = NewSecret.Hash(secret);
        if (book.FindBySecret(hash) is not { } key)
        {
            return new ManagedSecret(book.Find(KeyId.Of(secret).Value) is not null, null);
        }

        var now = time.GetUtcNow();
        var isGood = key.StateAt(now) == "active" && key.SecretsAt(now).Any(kept => kept.Sha256 == hash);
        return new ManagedSecret(true, isGood ? key.Record.Id : null);
    }
}

using OpenAIProxy.BillingService.Accounts;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>The owners of managed keys, revoked ones too: what these have used stays theirs.</summary>
internal sealed class KeyOwners(KeyStore keys) : IKeyOwners
{
    public async Task<IReadOnlyList<string>> FindKeysAsync(string email, CancellationToken cancellationToken)
        => [.. (await keys.ReadAsync(cancellationToken)).Keys.Where(key => OwnerName.Matches(key.Record.Owner, email)).Select(key => key.Record.Id)];
}

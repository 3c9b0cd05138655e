using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>An access key that was made while the services run.</summary>
/// <param name="Record">Its rules, and the hashes of its secrets.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Changed">When it was changed last.</param>
/// <param name="Revoked">When it was revoked; null if it wasn't.</param>
internal sealed record ManagedKey(AccessKeyRecord Record, DateTimeOffset Created, DateTimeOffset Changed, DateTimeOffset? Revoked)
{
    /// <summary>What it is at <paramref name="now"/>, in a word.</summary>
    public string StateAt(DateTimeOffset now)
    {
        if (Revoked is not null)
        {
            return "revoked";
        }

        if (Record.Expires <= now)
        {
            return "expired";
        }

        return Record.Enabled ? "active" : "disabled";
    }

    /// <summary>Its secrets that open the gateway at <paramref name="now"/>, as far as their own times say.</summary>
    public IEnumerable<KeySecret> SecretsAt(DateTimeOffset now) => Record.Secrets.Where(secret => secret.NotAfter is null || secret.NotAfter > now);
}

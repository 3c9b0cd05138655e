using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>
/// The secret behind names and seals in Redis, the same on all replicas and after a restart: <c>Billing:CacheSecret</c>, or else a random
/// one that the first replica leaves in Redis.
/// </summary>
internal sealed class SharedSecret(RedisGate redis, CacheSettings settings, TimeProvider time)
{
    /// <summary>Where the random secret lies.</summary>
    public const string Name = "openaiproxy:billing:secret";

    // A Redis that lost its data gets the secret back, and replicas that started since agree on it again.
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(1);

    private readonly byte[]? _configured = settings.Secret is { } text ? Encoding.UTF8.GetBytes(text) : null;
    private volatile byte[]? _shared;
    private long _checkedAt;

    /// <summary>The secret; null if it is in a Redis that can't be reached and never could be.</summary>
    public async ValueTask<byte[]?> FindAsync(CancellationToken cancellationToken)
    {
        if (_configured is not null || (_shared is not null && time.GetElapsedTime(Volatile.Read(ref _checkedAt)) < CheckEvery))
        {
            return _configured ?? _shared;
        }

        var mine = _shared ?? RandomNumberGenerator.GetBytes(32);
        var (done, agreed) = await redis.TryAsync(
            async database =>
            {
                await database.StringSetAsync(Name, mine, null, When.NotExists);
                return (byte[]?)await database.StringGetAsync(Name);
            },
            cancellationToken);
        if (done && agreed is { Length: > 0 })
        {
            Volatile.Write(ref _checkedAt, time.GetTimestamp());
            _shared = agreed;
        }

        return _shared;
    }
}

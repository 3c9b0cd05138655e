using OpenAIProxy.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>Redis, left alone for a second after it failed: a query of many windows must not wait for a hanging Redis once per window.</summary>
internal sealed class RedisGate(RedisConnection redis, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _failedAt = long.MinValue;

    public bool IsConfigured => redis.IsConfigured;

    /// <summary>As <see cref="RedisConnection.TryAsync"/>.</summary>
    public async ValueTask<(bool Done, T? Value)> TryAsync<T>(Func<IDatabase, Task<T>> operation, CancellationToken cancellationToken)
    {
        if (!redis.IsConfigured || IsClosed())
        {
            return (false, default);
        }

        var (done, value) = await redis.TryAsync(operation, cancellationToken);
        if (!done)
        {
            Volatile.Write(ref _failedAt, time.GetTimestamp());
        }

        return (done, value);
    }

    private bool IsClosed() => Volatile.Read(ref _failedAt) is not long.MinValue and var at && time.GetElapsedTime(at) < Pause;
}

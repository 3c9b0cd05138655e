using OpenAIProxy.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>
/// Redis, left alone for a second after it failed: a query of many windows must not wait for a hanging Redis once per window.
/// </summary>
internal sealed class RedisGate(RedisConnection redis)
{
    private const long PauseMilliseconds = 1_000;

    private long _closedUntil;

    public bool IsConfigured => redis.IsConfigured;

    /// <summary>As <see cref="RedisConnection.TryAsync"/>.</summary>
    public async ValueTask<(bool Done, T? Value)> TryAsync<T>(Func<IDatabase, Task<T>> operation, CancellationToken cancellationToken)
    {
        if (!redis.IsConfigured || Environment.TickCount64 < Volatile.Read(ref _closedUntil))
        {
            return (false, default);
        }

        var (done, value) = await redis.TryAsync(operation, cancellationToken);
        if (!done)
        {
            Volatile.Write(ref _closedUntil, Environment.TickCount64 + PauseMilliseconds);
        }

        return (done, value);
    }
}

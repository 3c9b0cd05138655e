using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.ServiceDefaults.Configuration;
using StackExchange.Redis;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>Results in Redis, where all replicas find them. Whatever goes wrong there is "not found", never an error.</summary>
internal sealed class RedisAnswers(RedisGate redis, SharedSecret secret, OpenAISettings openAI, TimeProvider time)
{
    /// <summary>What all names of results start with.</summary>
    public const string Prefix = "openaiproxy:billing:1:";

    /// <summary>The result and when it expires; null if there is none that holds.</summary>
    public async Task<(Answer Answer, DateTimeOffset Expires)?> FindAsync(Question question, CancellationToken cancellationToken)
    {
        if (await PlaceAsync(question, cancellationToken) is not { } place)
        {
            return null;
        }

        var (done, value) = await redis.TryAsync(async database => (byte[]?)await database.StringGetAsync(place.Name), cancellationToken);
        return done && value is not null && SealedAnswer.Open(value, place.Name, place.Key) is { } found && found.Expires > time.GetUtcNow()
            ? found
            : null;
    }

    public async Task KeepAsync(Question question, Answer answer, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var lifetime = expires - time.GetUtcNow();
        if (lifetime > TimeSpan.Zero && await PlaceAsync(question, cancellationToken) is { } place)
        {
            var value = SealedAnswer.Close(answer, expires, place.Name, place.Key);
            await redis.TryAsync(database => database.StringSetAsync(place.Name, value, lifetime, When.Always), cancellationToken);
        }
    }

    public async Task ForgetAsync(Question question, CancellationToken cancellationToken)
    {
        if (await PlaceAsync(question, cancellationToken) is { } place)
        {
            await redis.TryAsync(database => database.KeyDeleteAsync(place.Name), cancellationToken);
        }
    }

    private async ValueTask<(string Name, byte[] Key)?> PlaceAsync(Question question, CancellationToken cancellationToken)
    {
        if (!redis.IsConfigured || await secret.FindAsync(cancellationToken) is not { } bytes)
        {
            return null;
        }

        return (Prefix + CacheNames.Name(bytes, openAI.BaseUrl, question),
            CacheNames.SealingKey(bytes, openAI.BaseUrl, question));
    }
}

using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Telemetry;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>
/// Answers from Redis or memory, or else from upstream: then once, however many ask at the same time. Errors are not kept, but for
/// upstream's refusal of a key that is not a session's.
/// </summary>
internal sealed class AnswerCache(MemoryAnswers memory, RedisAnswers redis, CacheTimes times)
{
    private static readonly KeyValuePair<string, object?> HitTag = new(BillingTelemetry.ResultTag, BillingTelemetry.Hit);
    private static readonly KeyValuePair<string, object?> MissTag = new(BillingTelemetry.ResultTag, BillingTelemetry.Miss);

    private readonly SingleFlight<Answer> _flights = new();

    /// <summary>Finds the answer to <paramref name="question"/>, or gets it by <paramref name="ask"/> and keeps it.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="fresh">True to ask upstream in any case.</param>
    /// <param name="ask">Asks upstream.</param>
    /// <param name="cancellationToken">Ends the caller's wait; the work ends when nobody waits any more.</param>
    public Task<Answer> GetAsync(
        Question question, bool fresh, Func<CancellationToken, Task<Answer>> ask, CancellationToken cancellationToken)
    {
        // Who wants it fresh must not be given what a flight for others may find in the cache.
        var flight = (fresh ? "fresh " : "cached ") + memory.Name(question);
        return _flights.RunAsync(flight, token => FindOrAskAsync(question, fresh, ask, token), cancellationToken);
    }

    private async Task<Answer> FindOrAskAsync(
        Question question, bool fresh, Func<CancellationToken, Task<Answer>> ask, CancellationToken cancellationToken)
    {
        if (!fresh && (await FindAsync(question, cancellationToken) ?? await FindAsync(question.Refusal, cancellationToken)) is { } found)
        {
            BillingTelemetry.Lookups.Add(1, HitTag);
            return found with { IsHit = true };
        }

        BillingTelemetry.Lookups.Add(1, MissTag);
        var answer = await ask(cancellationToken);
        if (answer.NeedsSessionKey)
        {
            await KeepAsync(question.Refusal, answer, CacheTimes.Refusal, cancellationToken);
        }
        else if (!answer.IsError)
        {
            await KeepAsync(question, answer, times.LifetimeOf(question.Range), cancellationToken);
            if (fresh)
            {
                await ForgetAsync(question.Refusal, cancellationToken);
            }
        }

        return answer;
    }

    private async Task<Answer?> FindAsync(Question question, CancellationToken cancellationToken)
    {
        if (await redis.FindAsync(question, cancellationToken) is not { } found)
        {
            return memory.Find(question);
        }

        // Should Redis become unreachable, it is still there.
        memory.Keep(question, found.Answer, found.Expires);
        return found.Answer;
    }

    private async Task KeepAsync(Question question, Answer answer, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var expires = answer.Received + lifetime;
        memory.Keep(question, answer, expires);
        await redis.KeepAsync(question, answer, expires, cancellationToken);
    }

    private async Task ForgetAsync(Question question, CancellationToken cancellationToken)
    {
        memory.Forget(question);
        await redis.ForgetAsync(question, cancellationToken);
    }
}

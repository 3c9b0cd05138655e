using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>Results in this process's memory: at most <see cref="Capacity"/>, the least useful ones leave first.</summary>
internal sealed class MemoryAnswers(OpenAISettings openAI, TimeProvider time) : IDisposable
{
    /// <summary>Bytes: 64 MB.</summary>
    public const long Capacity = 64 * 1024 * 1024;

    private const int Overhead = 512;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = Capacity });
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>The name of a result within this process.</summary>
    public string Name(Question question) => CacheNames.Name(_secret, openAI.BaseUrl, question);

    public Answer? Find(Question question)
        => _cache.Get(Name(question)) is Entry entry && entry.Expires > time.GetUtcNow() ? entry.Answer : null;

    public void Keep(Question question, Answer answer, DateTimeOffset expires)
    {
        var lifetime = expires - time.GetUtcNow();
        if (lifetime > TimeSpan.Zero)
        {
            _cache.Set(Name(question), new Entry(answer, expires), new MemoryCacheEntryOptions
            {
                AbsoluteExpirationRelativeToNow = lifetime,
                Size = answer.Body.Length + Overhead,
            });
        }
    }

    public void Forget(Question question) => _cache.Remove(Name(question));

    public void Dispose() => _cache.Dispose();

    private sealed record Entry(Answer Answer, DateTimeOffset Expires);
}

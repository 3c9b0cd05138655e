using OpenAIProxy.BillingService.Queries;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>A body to answer with or to compute from, and where it was found.</summary>
/// <param name="Body">JSON, unless <see cref="ContentType"/> says otherwise.</param>
/// <param name="Received">When upstream gave it; of several parts the oldest.</param>
/// <param name="IsHit">True if upstream was not asked for any part of it.</param>
internal sealed record CachedAnswer(ReadOnlyMemory<byte> Body, DateTimeOffset Received, bool IsHit)
{
    /// <summary>The <see cref="AnswerSource"/>.</summary>
    public string Source { get; init; } = AnswerSource.Upstream;

    /// <summary>Writes the body, instead of <see cref="Body"/>, while it is sent; null for an answer that is there.</summary>
    public Func<StreamedBody, Task>? Write { get; init; }

    /// <summary>The body's type.</summary>
    public string ContentType { get; init; } = "application/json";
}

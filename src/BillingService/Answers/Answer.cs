namespace OpenAIProxy.BillingService.Answers;

/// <summary>What a query, or a part of it, is answered with: upstream's answer, which may be an error, or the ledger's.</summary>
/// <param name="Body">As it came from upstream, decompressed, or as it was computed.</param>
/// <param name="Received">When upstream gave it; of several parts the oldest.</param>
internal sealed record Answer(ReadOnlyMemory<byte> Body, DateTimeOffset Received)
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The body's type; null if upstream named none.</summary>
    public string? ContentType { get; init; } = "application/json";

    /// <summary>Headers of an error that its receiver needs, such as <c>Retry-After</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The <see cref="AnswerSource"/>.</summary>
    public string Source { get; init; } = AnswerSource.Upstream;

    /// <summary>True if upstream was not asked for any part of it.</summary>
    public bool IsHit { get; init; }

    /// <summary>The usage that <see cref="Body"/> holds; null if it holds something else, or was not read yet.</summary>
    public UsageBody? Usage { get; init; }

    /// <summary>Writes the body, instead of <see cref="Body"/>, while it is sent; null for an answer that is there.</summary>
    public Func<StreamedBody, Task>? Write { get; init; }

    /// <summary>True for an error of upstream's, which goes to the caller as it came.</summary>
    public bool IsError => Status != StatusCodes.Status200OK;

    /// <summary>
    /// True for OpenAI's refusal of keys on the old billing routes:
    /// "Your request to GET /v1/dashboard/billing/usage must be made with a session key (that is, …".
    /// </summary>
    public bool NeedsSessionKey => Status == StatusCodes.Status403Forbidden && Body.Span.IndexOf("must be made with a session key"u8) >= 0;
}

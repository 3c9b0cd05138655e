namespace OpenAIProxy.Simulator.Behaviors;

/// <summary>How one request is answered: its <c>x-sim-*</c> headers over the defaults of the instance.</summary>
internal sealed record Behavior
{
    /// <summary>Wait before the response head.</summary>
    public TimeSpan FirstByteDelay { get; init; }

    /// <summary>Wait between the response head, which is sent at once, and the first byte of the body.</summary>
    public TimeSpan? DelayAfterHead { get; init; }

    /// <summary>Wait between two events of a stream.</summary>
    public TimeSpan ChunkDelay { get; init; }

    /// <summary>Number of content events in a stream, or of pieces of a binary answer.</summary>
    public int Chunks { get; init; } = 8;

    public TokenCounts Tokens { get; init; } = TokenCounts.Default;

    public int? Status { get; init; }

    public ErrorBody ErrorBody { get; init; }

    public Fault Fault { get; init; }

    /// <summary>Never answer.</summary>
    public bool HangBeforeHead { get; init; }

    public SseShape Sse { get; init; }

    public int HugeBytes { get; init; } = 20_000_000;

    public BodyEncoding Encoding { get; init; }

    /// <summary>Length of binary answers; JSON answers are padded up to it.</summary>
    public long? BodyBytes { get; init; }

    /// <summary>Legacy billing is refused for <c>sk-</c> keys, as OpenAI does.</summary>
    public bool SecretKeysRefused { get; init; }

    public string? RecordId { get; init; }

    /// <summary>Answer with the request as it arrived.</summary>
    public bool Echo { get; init; }

    /// <summary>True if an answer that is no stream is written at once, as it is.</summary>
    public bool IsPlain =>
        FirstByteDelay == TimeSpan.Zero && DelayAfterHead is null && Fault == Fault.None && Encoding == BodyEncoding.None && BodyBytes is null
        && Trailers.Count == 0;

    /// <summary>More headers of the answer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Trailers of the answer; HTTP/2 only, as Kestrel has them there only.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Trailers { get; init; } = [];
}

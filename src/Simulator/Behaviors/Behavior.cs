using OpenAIProxy.Simulator.Billing;
using OpenAIProxy.Simulator.Recording;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Behaviors;

/// <summary>How one request is answered: its <c>x-sim-*</c> headers over the defaults of the instance.</summary>
internal sealed record Behavior
{
    public const string DefaultTier = "default";

    /// <summary>Wait before the response head.</summary>
    public TimeSpan FirstByteDelay { get; init; }

    /// <summary>Wait between the response head, which is sent at once, and the first byte of the body.</summary>
    public TimeSpan? DelayAfterHead { get; init; }

    /// <summary>Wait between two events of a stream.</summary>
    public TimeSpan ChunkDelay { get; init; }

    /// <summary>Number of content events in a stream, or of pieces of a binary answer.</summary>
    public int Chunks { get; init; } = 8;

    public TokenCounts Tokens { get; init; } = TokenCounts.Default;

    /// <summary>Seconds of audio, where those are what is billed.</summary>
    public int Seconds { get; init; } = 9;

    /// <summary>The model that the answer names; null for the one asked for, or its dated snapshot.</summary>
    public string? Model { get; init; }

    public string ServiceTier { get; init; } = DefaultTier;

    /// <summary>Tools that a response has called, one entry for each call, by the name of the tool.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>How a response has ended, or how far it is.</summary>
    public string ResponseStatus { get; init; } = "completed";

    /// <summary>False for a server without a WebSocket at <c>/v1/responses</c>.</summary>
    public bool HasSockets { get; init; } = true;

    /// <summary>Where answers are counted; null if they are not.</summary>
    public Tally? Tally { get; init; }

    /// <summary>Under which name this request is tallied.</summary>
    public string Tag { get; init; } = "";

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

    /// <summary>Which keys legacy billing answers.</summary>
    public BillingAccess Billing { get; init; }

    public string? RecordId { get; init; }

    /// <summary>Answer with the request as it arrived.</summary>
    public bool Echo { get; init; }

    /// <summary>True if an answer that is no stream is written at once, as it is.</summary>
    public bool IsPlain
        => FirstByteDelay == TimeSpan.Zero && DelayAfterHead is null && Fault == Fault.None && Encoding == BodyEncoding.None && BodyBytes is null
        && Trailers.Count == 0;

    /// <summary>More headers of the answer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Trailers of the answer; HTTP/2 only, as Kestrel has them there only.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Trailers { get; init; } = [];

    /// <summary>The name in the answer to a call for this model.</summary>
    public string Answered(string asked) => Model ?? Models.Answered(asked);
}

namespace OpenAIProxy.Contracts;

/// <summary>
/// Additive counts. Tokens are OpenAI's: cached, written, audio and image input are inside <see cref="Input"/>, reasoning, audio and image
/// output inside <see cref="Output"/>; cached audio is inside both <see cref="CachedInput"/> and <see cref="AudioInput"/>, and what is written
/// for 12 hours is inside <see cref="CacheWrite"/>.
/// </summary>
public sealed record UsageCounts
{
    /// <summary>Calls.</summary>
    public long Requests { get; set; }

    /// <summary>Calls that failed: a status of 400 or more, or an error inside a 200.</summary>
    public long Errors { get; set; }

    /// <summary>Calls whose answer did not reach its end: the client left, upstream broke off, or the gateway was killed.</summary>
    public long Cut { get; set; }

    /// <summary>All input tokens.</summary>
    public long Input { get; set; }

    /// <summary>Input tokens read from the cache.</summary>
    public long CachedInput { get; set; }

    /// <summary>Input tokens written to the cache, for however long.</summary>
    public long CacheWrite { get; set; }

    /// <summary>Input tokens written to the cache for 12 hours; the other writes live for 30 minutes.</summary>
    public long CacheWrite12h { get; set; }

    /// <summary>Audio input tokens.</summary>
    public long AudioInput { get; set; }

    /// <summary>Audio input tokens read from the cache.</summary>
    public long CachedAudioInput { get; set; }

    /// <summary>Image input tokens.</summary>
    public long ImageInput { get; set; }

    /// <summary>Image input tokens read from the cache.</summary>
    public long CachedImageInput { get; set; }

    /// <summary>All output tokens.</summary>
    public long Output { get; set; }

    /// <summary>Output tokens that were thought, not said.</summary>
    public long ReasoningOutput { get; set; }

    /// <summary>Audio output tokens.</summary>
    public long AudioOutput { get; set; }

    /// <summary>Image output tokens.</summary>
    public long ImageOutput { get; set; }

    /// <summary>How much of a unit that is not tokens.</summary>
    public long Quantity { get; set; }

    /// <summary>Adds <paramref name="other"/> to this.</summary>
    public void Add(UsageCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Requests += other.Requests;
        Errors += other.Errors;
        Cut += other.Cut;
        Input += other.Input;
        CachedInput += other.CachedInput;
        CacheWrite += other.CacheWrite;
        CacheWrite12h += other.CacheWrite12h;
        AudioInput += other.AudioInput;
        CachedAudioInput += other.CachedAudioInput;
        ImageInput += other.ImageInput;
        CachedImageInput += other.CachedImageInput;
        Output += other.Output;
        ReasoningOutput += other.ReasoningOutput;
        AudioOutput += other.AudioOutput;
        ImageOutput += other.ImageOutput;
        Quantity += other.Quantity;
    }
}

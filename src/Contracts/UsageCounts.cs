using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenAIProxy.Contracts;

/// <summary>
/// Additive counts, one for each <see cref="CountKind"/>. Tokens are OpenAI's: cached, written, audio and image input are inside
/// <see cref="Input"/>, reasoning, audio and image output inside <see cref="Output"/>; cached audio is inside both <see cref="CachedInput"/> and
/// <see cref="AudioInput"/>, and what is written for 12 hours is inside <see cref="CacheWrite"/>.
/// </summary>
public sealed record UsageCounts
{
    /// <summary>How many kinds there are.</summary>
    public const int Kinds = (int)CountKind.CacheWrite12h + 1;

    private Values _values;

#pragma warning disable CS1591 // CountKind says what each is.
    public long Requests { get => this[CountKind.Requests]; set => this[CountKind.Requests] = value; }
    public long Errors { get => this[CountKind.Errors]; set => this[CountKind.Errors] = value; }
    public long Cut { get => this[CountKind.Cut]; set => this[CountKind.Cut] = value; }
    public long Input { get => this[CountKind.Input]; set => this[CountKind.Input] = value; }
    public long CachedInput { get => this[CountKind.CachedInput]; set => this[CountKind.CachedInput] = value; }
    public long CacheWrite { get => this[CountKind.CacheWrite]; set => this[CountKind.CacheWrite] = value; }
    public long CacheWrite12h { get => this[CountKind.CacheWrite12h]; set => this[CountKind.CacheWrite12h] = value; }
    public long AudioInput { get => this[CountKind.AudioInput]; set => this[CountKind.AudioInput] = value; }
    public long CachedAudioInput { get => this[CountKind.CachedAudioInput]; set => this[CountKind.CachedAudioInput] = value; }
    public long ImageInput { get => this[CountKind.ImageInput]; set => this[CountKind.ImageInput] = value; }
    public long CachedImageInput { get => this[CountKind.CachedImageInput]; set => this[CountKind.CachedImageInput] = value; }
    public long Output { get => this[CountKind.Output]; set => this[CountKind.Output] = value; }
    public long ReasoningOutput { get => this[CountKind.ReasoningOutput]; set => this[CountKind.ReasoningOutput] = value; }
    public long AudioOutput { get => this[CountKind.AudioOutput]; set => this[CountKind.AudioOutput] = value; }
    public long ImageOutput { get => this[CountKind.ImageOutput]; set => this[CountKind.ImageOutput] = value; }
    public long Quantity { get => this[CountKind.Quantity]; set => this[CountKind.Quantity] = value; }
#pragma warning restore CS1591

    /// <summary>The count of a kind.</summary>
    public long this[CountKind kind] { get => _values[(int)kind]; set => _values[(int)kind] = value; }

    /// <summary>The counts, each at the number of its <see cref="CountKind"/>.</summary>
    // Not a property: JSON would have it.
    public ReadOnlySpan<long> AsSpan() => _values;

    /// <summary>Adds <paramref name="other"/> to this.</summary>
    public void Add(UsageCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var kind = 0; kind < Kinds; kind++)
        {
            _values[kind] += other._values[kind];
        }
    }

    /// <inheritdoc/>
    public bool Equals(UsageCounts? other) => other is not null && AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(MemoryMarshal.AsBytes(AsSpan()));
        return hash.ToHashCode();
    }

    [InlineArray(Kinds)]
    private struct Values
    {
        private long _first;
    }
}

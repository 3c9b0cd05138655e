using System.Numerics;
using System.Runtime.CompilerServices;
using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>What usage objects say: one of them while it is read, or several of the same answer merged.</summary>
internal struct UsageReading
{
    private const JsonField First = JsonField.Input;
    private const int Fields = JsonField.UsageSeconds - First + 1;

    private Values _values;
    private uint _told;

    /// <summary>True if it says how many tokens, be it 0.</summary>
    public readonly bool HasTokens
        => IsTold(JsonField.Input) || IsTold(JsonField.Output) || IsTold(JsonField.Total) || IsTold(JsonField.CacheMiss);

    /// <summary>True if it says of more than 0 tokens. Media that were heard or made have more, whatever is told.</summary>
    public readonly bool HasSome
        => Value(JsonField.Input) > 0 || HasOutput || Value(JsonField.Total) > 0 || Value(JsonField.CacheMiss) > 0;

    /// <summary>True if it says how long.</summary>
    public readonly bool HasTime => IsTold(JsonField.UsageSeconds);

    /// <summary>True if it says of more than 0 tokens of output.</summary>
    public readonly bool HasOutput => Value(JsonField.Output) > 0;

    /// <summary>True if it says of more than 0 tokens of input and of output.</summary>
    public readonly bool HasBoth => Value(JsonField.Input) > 0 && HasOutput;

    /// <summary>Thousandths of a second.</summary>
    public readonly long Milliseconds => Value(JsonField.UsageSeconds);

    /// <summary>Takes a member, written as a number or as a string. What isn't a number that can be, is left out.</summary>
    /// <param name="field">Which; from <see cref="JsonField.Input"/> to <see cref="JsonField.UsageSeconds"/>, others are passed over.</param>
    /// <param name="value">As it was written.</param>
    public void Take(JsonField field, ReadOnlySpan<byte> value)
    {
        if (field is < First or > JsonField.UsageSeconds)
        {
            return;
        }

        var number = field == JsonField.UsageSeconds ? Numbers.Milliseconds(value) : Numbers.Count(value);
        if (number >= 0)
        {
            Set(field, (int)number);
        }
    }

    /// <summary>
    /// Takes over what a later object of the same answer says, field by field. What it leaves out stays, and a 0 replaces a count only if the
    /// object knows of tokens of that side: some servers end with 0/0, others tell input and output in different chunks.
    /// </summary>
    public void Merge(in UsageReading later)
    {
        for (var told = later._told; told != 0; told &= told - 1)
        {
            var field = (JsonField)((int)First + BitOperations.TrailingZeroCount(told));
            var value = later.Value(field);
            if (value > 0 || !IsTold(field) || later.Knows(field))
            {
                Set(field, value);
            }
        }

        // A total checks the numbers that it was told with: not newer ones, nor those of an object that knows of another half.
        var own = (long)later.Value(JsonField.Input) + later.Value(JsonField.Output);
        var sum = (long)Value(JsonField.Input) + Value(JsonField.Output);
        if (own > 0 && (!later.IsTold(JsonField.Total) || (later.Value(JsonField.Total) == own && own != sum)))
        {
            Set(JsonField.Total, 0);
        }
    }

    /// <summary>The tokens of an answer of which nothing else is known; see <see cref="TokenSum"/>.</summary>
    /// <param name="isInferred">True if not all of it was told so.</param>
    public readonly UsageCounts Tokens(out bool isInferred) => Tokens(0, 0, out isInferred);

    /// <summary>The tokens; see <see cref="TokenSum"/>.</summary>
    /// <param name="inputEstimate">Tokens; what was asked, by the length of its texts.</param>
    /// <param name="outputEstimate">Tokens; what passed of the answer, by the length of its texts. Null where there is no output, as of embeddings.</param>
    /// <param name="isInferred">True if not all of it was told so: a half is estimated, a gap is filled, a part is clamped.</param>
    /// <param name="options">How long cache writes live where the usage doesn't split them; see <see cref="CacheLifetime"/>.</param>
    public readonly UsageCounts Tokens(long inputEstimate, long? outputEstimate, out bool isInferred, in ResponseOptions options = default)
    {
        var sum = new TokenSum(this, inputEstimate, outputEstimate);
        isInferred = sum.IsInferred | CacheLifetime.Split(sum.Counts, Told(JsonField.CacheWrite30m), Told(JsonField.CacheWrite12h), options);
        return sum.Counts;
    }

    public readonly bool IsTold(JsonField field) => (_told & Bit(field)) != 0;

    /// <summary>What was told of the field; 0 if nothing was.</summary>
    public readonly int Value(JsonField field) => ((ReadOnlySpan<int>)_values)[field - First];

    private readonly long? Told(JsonField field) => IsTold(field) ? Value(field) : null;

    private static uint Bit(JsonField field) => 1u << (field - First);

    // What is 0 inside of something that is not, is truly 0.
    private readonly bool Knows(JsonField field) => field switch
    {
        JsonField.ReasoningOutput or JsonField.AudioOutput or JsonField.ImageOutput or JsonField.TextOutput => HasOutput,
        JsonField.Input or JsonField.Output or JsonField.Total or JsonField.UsageSeconds => false,
        _ => Value(JsonField.Input) > 0 || Value(JsonField.CacheMiss) > 0,
    };

    private void Set(JsonField field, int value)
    {
        ((Span<int>)_values)[field - First] = value;
        _told |= Bit(field);
    }

    [InlineArray(Fields)]
    private struct Values
    {
        private int _first;
    }
}

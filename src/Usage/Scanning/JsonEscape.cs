using System.Text;

namespace OpenAIProxy.Usage.Scanning;

/// <summary>Reads the escapes of a JSON string, byte by byte.</summary>
internal struct JsonEscape
{
    /// <summary>Bytes: U+FFFD for a half that stands alone, and a character.</summary>
    public const int LongestCharacter = 7;

    private const sbyte First = -1;

    private sbyte _left;
    private char _high;

    /// <summary>True between a backslash and the last byte that belongs to it: a quotation mark there ends nothing.</summary>
    public readonly bool IsOpen => _left != 0;

    /// <summary>True if only the backslash has come.</summary>
    public readonly bool IsBegun => _left == First;

    /// <summary>True if there is an escape in the string.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>The UTF-16 code unit that was escaped; -1 for an escape that JSON doesn't have.</summary>
    public int CodeUnit { get; private set; }

    /// <summary>A backslash has come.</summary>
    public void Begin()
    {
        _left = First;
        IsUsed = true;
    }

    /// <summary>A string begins, or nobody reads the escape.</summary>
    public void Reset() => this = default;

    /// <summary>Takes the next byte. True if it is the last one of the escape.</summary>
    public bool Take(byte next)
    {
        if (_left == First)
        {
            _left = next == 'u' ? (sbyte)4 : (sbyte)0;
            CodeUnit = Short(next);
            return _left == 0;
        }

        var digit = HexDigit(next);
        CodeUnit = CodeUnit < 0 || digit < 0 ? -1 : (CodeUnit << 4) | digit;
        _left--;
        return _left == 0;
    }

    /// <summary>True, once, if the first half of a surrogate pair has come and the second one has not.</summary>
    public bool TakeLoneHalf()
    {
        var isLone = _high != default;
        _high = default;
        return isLone;
    }

    /// <summary>
    /// Writes the character. The first half of a surrogate pair comes with the second; if that never comes, U+FFFD stands for it, or "model"
    /// and half a pair would be "model".
    /// </summary>
    /// <param name="utf8">Room for <see cref="LongestCharacter"/> bytes.</param>
    /// <returns>How many bytes.</returns>
    public int Write(Span<byte> utf8)
    {
        var high = _high;
        _high = default;
        var unit = (char)Math.Max(CodeUnit, 0);
        if (CodeUnit >= 0 && Rune.TryCreate(high, unit, out var pair))
        {
            return pair.EncodeToUtf8(utf8);
        }

        var length = high == default ? 0 : Rune.ReplacementChar.EncodeToUtf8(utf8);
        if (char.IsHighSurrogate(unit))
        {
            _high = unit;
            return length;
        }

        var rune = CodeUnit >= 0 && Rune.TryCreate(unit, out var one) ? one : Rune.ReplacementChar;
        return length + rune.EncodeToUtf8(utf8[length..]);
    }

    private static int Short(byte next) => next switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' => next,
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        (byte)'u' => 0,
        _ => -1,
    };

    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}

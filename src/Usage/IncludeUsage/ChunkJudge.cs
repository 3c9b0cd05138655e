using System.Buffers;

namespace OpenAIProxy.Usage.IncludeUsage;

/// <summary>
/// Tells whether the object of a <c>data:</c> line is the chunk with the usage: <c>choices</c> is empty and <c>usage</c> is an object. It is
/// shown the line piece by piece, and says no at the first byte that rules it out, mostly the one behind <c>"choices":[</c>.
/// </summary>
internal struct ChunkJudge
{
    private const int LongestKey = 7;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\\r\n"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]\r\n"u8);
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",}\r\n"u8);

    private State _state;
    private ulong _key;
    private int _keyLength;
    private int _depth;
    private bool _isEscaped;
    private bool _noChoices;
    private bool _hasUsage;

    private enum State : byte
    {
        Start,
        Key,
        InKey,
        Colon,
        Value,
        FirstChoice,
        Text,
        Nested,
        NestedText,
        Scalar,
        After,
    }

    // "choices" and "usage" as numbers, first letter highest.
    private static ulong Choices => 0x63_68_6F_69_63_65_73;

    private static ulong Usage => 0x75_73_61_67_65;

    /// <summary>Looks at the next bytes of the line.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="verdict">True: it is that chunk, and its object ends with the last byte looked at. False: it is not. Null: not known yet.</param>
    /// <returns>How many bytes were looked at.</returns>
    public int Read(ReadOnlySpan<byte> bytes, out bool? verdict)
    {
        verdict = null;
        var i = 0;
        while (i < bytes.Length && verdict is null)
        {
            i += _state switch
            {
                State.InKey or State.Text or State.NestedText => ReadString(bytes[i..], ref verdict),
                State.Nested => ReadNested(bytes[i..], ref verdict),
                State.Scalar => ReadScalar(bytes[i..], ref verdict),
                _ => ReadStructure(bytes[i], ref verdict),
            };
        }

        return i;
    }

    private int ReadStructure(byte b, ref bool? verdict)
    {
        if (b is (byte)' ' or (byte)'\t')
        {
            return 1;
        }

        switch (_state, b)
        {
            case (State.Start, (byte)'{'):
            case (State.After, (byte)','):
                _state = State.Key;
                return 1;
            case (State.Key, (byte)'"'):
                (_key, _keyLength, _state) = (0, 0, State.InKey);
                return 1;
            case (State.Colon, (byte)':'):
                _state = State.Value;
                return 1;
            case (State.Value, _):
                return ReadValue(b, ref verdict);
            case (State.FirstChoice, (byte)']'):
                (_noChoices, _state) = (true, State.After);
                return 1;
            case (State.After, (byte)'}'):
                verdict = _noChoices && _hasUsage;
                return 1;
            default:
                verdict = false;
                return 0;
        }
    }

    private int ReadValue(byte b, ref bool? verdict)
    {
        var (isChoices, isUsage) = (_keyLength == 7 && _key == Choices, _keyLength == 5 && _key == Usage);
        if ((isChoices && b != '[') || (isUsage && b != '{'))
        {
            verdict = false;
            return 0;
        }

        _hasUsage |= isUsage;
        _state = isChoices ? State.FirstChoice
            : b == '"' ? State.Text
            : b is (byte)'{' or (byte)'[' ? State.Nested
            : State.Scalar;
        _depth = 1;
        return _state == State.Scalar ? 0 : 1;
    }

    private int ReadString(ReadOnlySpan<byte> bytes, ref bool? verdict)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            _keyLength = LongestKey + 1;
            return 1;
        }

        var end = bytes.IndexOfAny(StringEnds);
        var piece = end < 0 ? bytes : bytes[..end];
        if (_state == State.InKey)
        {
            AddToKey(piece);
        }

        if (end < 0)
        {
            return bytes.Length;
        }

        switch (bytes[end])
        {
            case (byte)'"':
                _state = _state == State.InKey ? State.Colon : _state == State.Text ? State.After : State.Nested;
                return end + 1;
            case (byte)'\\':
                _isEscaped = true;
                return end + 1;
            default:
                verdict = false;
                return end;
        }
    }

    private void AddToKey(ReadOnlySpan<byte> piece)
    {
        foreach (var b in piece[..Math.Min(piece.Length, LongestKey + 1)])
        {
            (_key, _keyLength) = ((_key << 8) | b, _keyLength + 1);
        }
    }

    private int ReadNested(ReadOnlySpan<byte> bytes, ref bool? verdict)
    {
        var at = bytes.IndexOfAny(Structure);
        if (at < 0)
        {
            return bytes.Length;
        }

        switch (bytes[at])
        {
            case (byte)'"':
                _state = State.NestedText;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            case (byte)'}' or (byte)']':
                _depth--;
                _state = _depth == 0 ? State.After : State.Nested;
                break;
            default:
                verdict = false;
                return at;
        }

        return at + 1;
    }

    private int ReadScalar(ReadOnlySpan<byte> bytes, ref bool? verdict)
    {
        var end = bytes.IndexOfAny(ScalarEnds);
        if (end < 0)
        {
            return bytes.Length;
        }

        _state = State.After;
        if (bytes[end] is (byte)'\r' or (byte)'\n')
        {
            verdict = false;
        }

        return end;
    }
}

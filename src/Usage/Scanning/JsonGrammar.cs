namespace OpenAIProxy.Usage.Scanning;

/// <summary>Checks what a <see cref="JsonScanner"/> reads against the grammar of JSON (RFC 8259). It notes an error, and changes nothing.</summary>
internal struct JsonGrammar
{
    private Place _place;

    private enum Place : byte
    {
        /// <summary>At the start, or behind a colon.</summary>
        Value,

        /// <summary>Behind an opening bracket.</summary>
        Opened,

        /// <summary>Behind a comma.</summary>
        Comma,

        /// <summary>Behind a value.</summary>
        Ended,
    }

    /// <summary>True once something has come that no JSON document has at that place.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True if nothing has come since an object or array was opened.</summary>
    public readonly bool IsEmpty => _place == Place.Opened;

    /// <summary>An object or array was opened.</summary>
    public void Open() => _place = Place.Opened;

    /// <summary>A colon has come.</summary>
    public void Colon() => _place = Place.Value;

    public void EndValue() => _place = Place.Ended;

    /// <summary>Notes an error.</summary>
    /// <param name="isError">False for none.</param>
    public void Break(bool isError) => IsBroken |= isError;

    /// <summary>Checks a byte outside of strings and scalars, or the first one of either.</summary>
    /// <param name="next">The byte.</param>
    /// <param name="close">The bracket that closes what it stands in; 0 outside of all brackets.</param>
    public void Check(byte next, byte close)
    {
        switch (next)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                break;
            case (byte)',':
                Break(_place != Place.Ended || close == 0);
                _place = Place.Comma;
                break;
            case (byte)'}' or (byte)']':
                Break(next != close || _place is not (Place.Opened or Place.Ended));
                break;
            default:
                var isKey = close == '}' && _place != Place.Value;
                Break(_place == Place.Ended || next < (byte)' ' || (isKey && next != '"'));
                break;
        }
    }

    /// <summary>Checks a number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    public void CheckScalar(ReadOnlySpan<byte> text)
        => Break(!text.SequenceEqual("true"u8) && !text.SequenceEqual("false"u8) && !text.SequenceEqual("null"u8) && !IsNumber(text));

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        text = text.StartsWith("-"u8) ? text[1..] : text;
        var digits = Digits(text);
        if (digits == 0 || (digits > 1 && text[0] == '0'))
        {
            return false;
        }

        text = text[digits..];
        if (text is [(byte)'.', .. var fraction])
        {
            digits = Digits(fraction);
            text = fraction[digits..];
        }

        if (digits > 0 && text is [(byte)'e' or (byte)'E', .. var exponent])
        {
            exponent = exponent is [(byte)'+' or (byte)'-', ..] ? exponent[1..] : exponent;
            digits = Digits(exponent);
            text = exponent[digits..];
        }

        return digits > 0 && text.IsEmpty;
    }

    private static int Digits(ReadOnlySpan<byte> text)
        => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end : text.Length;
}

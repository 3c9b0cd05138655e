using System.Buffers;
using System.Globalization;

namespace OpenAIProxy.Usage.Requests;

/// <summary>
/// Measures the strings of a JSON text while they pass, cut anywhere: as bytes of UTF-8 without escapes, and in characters. Data URLs and
/// base64 are told apart, for an image's bytes are not the tokens it costs.
/// </summary>
internal sealed class TextMeasure
{
    /// <summary>Bytes. A shorter string is text, even if it could be base64.</summary>
    private const int ShortestBase64 = 256;

    private static readonly SearchValues<byte> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"u8);

    private long _bytes;
    private long _characters;
    private int _digits;
    private int _codeUnit;
    private bool _escaped;
    private bool _mayBeBase64;
    private bool _mayBeDataUrl;

    /// <summary>Characters of the string, all of them if <see cref="Begin"/> was told to count.</summary>
    public long Characters => _characters;

    /// <summary>True between a backslash and the end of what it escapes: a quotation mark there ends nothing.</summary>
    public bool IsInEscape => _escaped || _digits > 0;

    private bool Counts { get; set; }

    /// <summary>A string begins.</summary>
    /// <param name="countCharacters">True if its characters matter.</param>
    public void Begin(bool countCharacters)
    {
        (_bytes, _characters, _digits, _escaped) = (0, 0, 0, false);
        (_mayBeBase64, _mayBeDataUrl) = (true, true);
        Counts = countCharacters;
    }

    /// <summary>A piece of the string without any escape.</summary>
    public void Plain(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        for (var i = 0; _mayBeDataUrl && _bytes + i < 5 && i < piece.Length; i++)
        {
            _mayBeDataUrl = piece[i] == "data:"u8[(int)_bytes + i];
        }

        _mayBeBase64 = _mayBeBase64 && piece.IndexOfAnyExcept(Base64) < 0;
        _bytes += piece.Length;
        if (Counts)
        {
            foreach (var b in piece)
            {
                _characters += (b & 0xC0) == 0x80 ? 0 : 1;
            }
        }
    }

    /// <summary>The backslash.</summary>
    public void BeginEscape() => _escaped = true;

    /// <summary>The next byte of an escape; see <see cref="IsInEscape"/>.</summary>
    public void Escape(byte b)
    {
        if (_digits > 0)
        {
            _codeUnit = (_codeUnit << 4) | (int.TryParse([(char)b], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var digit) ? digit : 0);
            _digits--;
            if (_digits == 0)
            {
                // Most that is escaped so has three bytes in UTF-8, or is half of something that has four.
                _bytes += _codeUnit < 0x80 ? 1 : _codeUnit < 0x800 ? 2 : 3;
                _characters += _codeUnit is >= 0xDC00 and <= 0xDFFF ? 0 : 1;
            }

            return;
        }

        _escaped = false;
        _mayBeDataUrl &= _bytes >= 5;
        _mayBeBase64 &= b == '/';
        if (b == 'u')
        {
            (_digits, _codeUnit) = (4, 0);
            return;
        }

        _bytes++;
        _characters++;
    }

    /// <summary>The string's end. Returns its length as text in bytes of UTF-8; 0 if it is no text.</summary>
    public long End() => (_mayBeDataUrl && _bytes >= 5) || (_mayBeBase64 && _bytes >= ShortestBase64) ? 0 : _bytes;
}

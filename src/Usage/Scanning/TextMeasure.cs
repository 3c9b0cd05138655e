using System.Buffers;

namespace OpenAIProxy.Usage.Scanning;

/// <summary>
/// Measures the strings of a JSON text while they pass, cut anywhere: as bytes of UTF-8 without escapes, and in characters. Data URLs and
/// base64 are told apart, for an image's bytes are not the tokens it costs.
/// </summary>
internal sealed class TextMeasure
{
    /// <summary>Bytes. A shorter string is text, even if it could be base64.</summary>
    private const int ShortestBase64 = 256;

    private static readonly SearchValues<byte> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"u8);

    private long _length;
    private long _characters;
    private bool _counts;
    private bool _mayBeBase64;
    private bool _mayBeDataUrl;

    /// <summary>Bytes of all texts that have ended.</summary>
    public long Bytes { get; private set; }

    /// <summary>Characters (Unicode scalar values) of the last string whose characters matter.</summary>
    public long Characters { get; private set; }

    /// <summary>Counts a whole string without any escape.</summary>
    public void Take(ReadOnlySpan<byte> text, bool countsCharacters)
    {
        Begin(countsCharacters);
        Plain(text);
        End(isText: true);
    }

    /// <summary>A string begins.</summary>
    /// <param name="countsCharacters">True if its characters matter.</param>
    public void Begin(bool countsCharacters)
    {
        _length = 0;
        _characters = 0;
        _counts = countsCharacters;
        _mayBeBase64 = true;
        _mayBeDataUrl = true;
    }

    /// <summary>A piece of the string without any escape.</summary>
    public void Plain(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        for (var i = 0; _mayBeDataUrl && _length + i < 5 && i < piece.Length; i++)
        {
            _mayBeDataUrl = piece[i] == "data:"u8[(int)_length + i];
        }

        _mayBeBase64 = _mayBeBase64 && piece.IndexOfAnyExcept(Base64) < 0;
        _length += piece.Length;
        if (_counts)
        {
            foreach (var b in piece)
            {
                _characters += (b & 0xC0) == 0x80 ? 0 : 1;
            }
        }
    }

    /// <summary>An escape.</summary>
    /// <param name="codeUnit">What was escaped, in UTF-16.</param>
    public void Escape(int codeUnit)
    {
        _mayBeDataUrl &= _length >= 5;
        _mayBeBase64 &= codeUnit == '/';
        _length += codeUnit switch
        {
            >= 0 and < 0x80 => 1,
            >= 0 and < 0x800 => 2,
            // Most that is escaped so has three bytes in UTF-8, or is half of something that has four.
            _ => 3,
        };
        _characters += codeUnit is >= 0xDC00 and <= 0xDFFF ? 0 : 1;
    }

    /// <summary>The string's end.</summary>
    /// <param name="isText">True if it is to be counted, unless it is a data URL or base64.</param>
    public void End(bool isText)
    {
        var isData = (_mayBeDataUrl && _length >= 5) || (_mayBeBase64 && _length >= ShortestBase64);
        Bytes += isText && !isData ? _length : 0;
        Characters = _counts ? _characters : Characters;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace OpenAIProxy.Gateway.Paths;

/// <summary>Decodes the escapes of a path, and finds those that servers don't agree about.</summary>
internal static class PathEscapes
{
    private const int Length = 3;
    private const int UnicodeLength = 6;

    /// <summary>Decodes <paramref name="path"/> once; what is no escape stays as it is.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isPlain">
    /// False if an escape is malformed, or stands for anything that has a meaning in a path (<c>%2F</c>, <c>%5C</c>, <c>%3F</c>, <c>%23</c>,
    /// <c>%3B</c>), for a percent sign, for a control character, or for one that some servers take for an ASCII character.
    /// </param>
    public static string Decode(string path, out bool isPlain)
    {
        isPlain = true;
        var result = new StringBuilder(path.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < path.Length;)
        {
            if (path[i] != '%')
            {
                isPlain &= path[i] is > '\x1f' and < '\x7f';
                result.Append(path[i++]);
                continue;
            }

            var count = Read(path.AsSpan(i), bytes);
            if (Rune.DecodeFromUtf8(bytes[..count], out var rune, out var used) == OperationStatus.Done)
            {
                isPlain &= HasOneMeaning(rune);
                result.Append(rune.ToString());
                i += used * Length;
            }
            else
            {
                isPlain = false;
                i += AppendOdd(path.AsSpan(i), result);
            }
        }

        return result.ToString();
    }

    // As many escapes as stand here in a row, at most those of one character.
    private static int Read(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var count = 0;
        while (count < bytes.Length && text is ['%', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low))
        {
            bytes[count++] = byte.Parse(text[1..Length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            text = text[Length..];
        }

        return count;
    }

    // %u002F was never a standard, and old servers decode it. An overlong %C0%AF is a slash to the careless. Anything else stays.
    private static int AppendOdd(ReadOnlySpan<char> text, StringBuilder result)
    {
        if (text is ['%', 'u' or 'U', ..] && text.Length >= UnicodeLength
            && ushort.TryParse(text[2..UnicodeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            result.Append((char)code);
            return UnicodeLength;
        }

        Span<byte> bytes = stackalloc byte[4];
        if (Read(text, bytes) >= 2 && bytes[0] is 0xC0 or 0xC1)
        {
            result.Append((char)(((bytes[0] & 0x1F) << 6) | (bytes[1] & 0x3F)));
            return 2 * Length;
        }

        result.Append(text[0]);
        return 1;
    }

    private static bool HasOneMeaning(Rune rune) => rune.IsAscii
        ? rune.Value is > 0x1F and < 0x7F and not ('/' or '\\' or '%' or '?' or '#' or ';')
        : Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse) && !FoldsToAscii(rune.Value);

    // Characters whose compatibility form (NFKC) is ASCII: a fullwidth letter or slash, a dot leader, a long s. By ranges, since the
    // normalization of .NET does nothing under InvariantGlobalization.
    private static bool FoldsToAscii(int value) => value is 0xAA or 0xB2 or 0xB3 or 0xB9 or 0xBA or (>= 0xBC and <= 0xBE) or 0x17F
        or (>= 0x2024 and <= 0x2026) or 0x203C or 0x2044 or (>= 0x2047 and <= 0x2049) or (>= 0x2070 and <= 0x209C) or (>= 0x2100 and <= 0x218B)
        or 0x2215 or 0x2216 or 0x2236 or (>= 0x2460 and <= 0x24FF) or 0x29F5 or (>= 0x29F8 and <= 0x29F9) or (>= 0xFB00 and <= 0xFB06)
        or (>= 0xFE10 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFFEF) or (>= 0x1D400 and <= 0x1D7FF) or (>= 0x1F100 and <= 0x1F1FF);
}

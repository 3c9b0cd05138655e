using System.Text;

namespace OpenAIProxy.Gateway;

/// <summary>
/// Latin-1, with one exception for the header <c>Connection</c>: Kestrel replaces its value by <c>close</c>, <c>keep-alive</c> or
/// <c>upgrade</c> as soon as it finds exactly one of these in it, and the names of other headers beside it (<c>keep-alive, X-Hop</c>) are
/// lost before anybody could remove those headers. With two of these words in it Kestrel leaves the value alone, so a value that names
/// headers gets two more words. The price: such a connection is closed after the answer.
/// </summary>
internal sealed class ConnectionHeaderEncoding : Encoding
{
    private const string TwoOptions = ", keep-alive, close";

    // HTTP2-Settings (RFC 7540, 3.2.1) names a header that is never forwarded: it may get lost, and Java's connections stay open.
    private static readonly string[] Options = ["close", "keep-alive", "upgrade", "http2-settings"];

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
        => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => Decode(bytes.AsSpan(index, count)).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Decode(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(chars.AsSpan(charIndex));
        return text.Length;
    }

    public override int GetMaxByteCount(int charCount) => Latin1.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => Latin1.GetMaxCharCount(byteCount) + TwoOptions.Length;

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = Latin1.GetString(bytes);
        return NamesHeaders(text) ? text + TwoOptions : text;
    }

    private static bool NamesHeaders(string value)
    {
        foreach (var range in value.AsSpan().Split(','))
        {
            var name = value.AsSpan()[range].Trim();
            if (!name.IsEmpty && !Options.Contains(name.ToString(), StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}

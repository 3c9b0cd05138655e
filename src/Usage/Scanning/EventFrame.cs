using System.Buffers;

namespace OpenAIProxy.Usage.Scanning;

/// <summary>
/// What the events of a stream have in common around the text that differs. It is compared with the next event, which costs a fraction of
/// looking for anything in it:
/// <code>data: {"id":"chatcmpl-1",…,"choices":[{"index":0,"delta":{"content":"█"},"finish_reason":null}],"usage":null,"obfuscation":"█"}␊␊</code>
/// </summary>
internal sealed class EventFrame
{
    /// <summary>Bytes. A longer event is read as if there were none like it.</summary>
    private const int Longest = 1024;

    // A line end in a text would be the event's.
    private static readonly SearchValues<byte> TextEnds = SearchValues.Create("\"\\\r\n"u8);

    private byte[] _bytes = [];
    private int _head;
    private int _tail;
    private int _end;

    private static ReadOnlySpan<byte> Blank => "\n\n"u8;

    // OpenAI pads each event, so that its length doesn't tell that of the text.
    private static ReadOnlySpan<byte> Padding => "\"obfuscation\":\""u8;

    /// <summary>The event's bytes up to the text.</summary>
    public ReadOnlySpan<byte> Head => _bytes.AsSpan(0, _head);

    private ReadOnlySpan<byte> Tail => _bytes.AsSpan(_head, _tail - _head);

    private ReadOnlySpan<byte> End => _bytes.AsSpan(_tail, _end - _tail);

    /// <summary>Takes over an event.</summary>
    /// <param name="bytes">The stream from the event's first byte on.</param>
    /// <param name="text">Where the text is, without its quotes.</param>
    public void Learn(ReadOnlySpan<byte> bytes, Range text)
    {
        var (start, length) = text.GetOffsetAndLength(bytes.Length);
        _head = 0;
        var rest = bytes[(start + length)..];
        var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0 || start + end > Longest || !rest[end..].StartsWith(Blank))
        {
            return;
        }

        rest = rest[..(end + Blank.Length)];
        if (_bytes.Length < start + rest.Length)
        {
            _bytes = new byte[start + rest.Length];
        }

        bytes[..start].CopyTo(_bytes);
        _head = start;
        var padding = rest.IndexOf(Padding) is >= 0 and var at ? at + Padding.Length : rest.Length;
        rest[..padding].CopyTo(_bytes.AsSpan(start));
        _tail = start + padding;
        rest = rest[padding..];
        rest = rest.IndexOf((byte)'"') is >= 0 and var quote ? rest[quote..] : rest;
        rest.CopyTo(_bytes.AsSpan(_tail));
        _end = _tail + rest.Length;
    }

    /// <summary>True if <paramref name="bytes"/> go on with the head, and end in it.</summary>
    /// <param name="bytes">What comes behind the first bytes of the head.</param>
    /// <param name="from">How many those are.</param>
    public bool IsInHead(ReadOnlySpan<byte> bytes, int from) => bytes.Length <= _head - from && Head[from..].StartsWith(bytes);

    /// <summary>How many bytes belong to an event like this one; 0 if they are another's, or not all of it.</summary>
    /// <param name="bytes">What comes behind the first bytes of the head.</param>
    /// <param name="from">How many those are.</param>
    /// <param name="text">The length of the text.</param>
    public int Match(ReadOnlySpan<byte> bytes, int from, out int text)
    {
        text = -1;
        if (_head == 0 || !bytes.StartsWith(Head[from..]))
        {
            return 0;
        }

        var at = _head - from;
        text = bytes[at..].IndexOfAny(TextEnds);
        if (text < 0 || !bytes[(at += text)..].StartsWith(Tail))
        {
            return 0;
        }

        at += Tail.Length;
        if (_tail == _end)
        {
            return at;
        }

        var padding = bytes[at..].IndexOfAny(TextEnds);
        return padding >= 0 && bytes[(at += padding)..].StartsWith(End) ? at + End.Length : 0;
    }
}

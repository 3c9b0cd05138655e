using System.Buffers;
using System.IO.Compression;

namespace OpenAIProxy.Usage.Decoding;

/// <summary>gzip, of any number of members, and deflate: their decoders read from a stream, so they get one that is empty between two pieces.</summary>
internal sealed class InflateDecoder : BodyDecoder
{
    private const int PieceLength = 8 * 1024;

    private readonly FeedStream _feed = new();
    private readonly Func<Stream, byte, Stream> _create;
    private Stream? _inflater;

    private InflateDecoder(Func<Stream, byte, Stream> create) => _create = create;

    public static InflateDecoder Gzip() => new(static (feed, _) => new GZipStream(feed, CompressionMode.Decompress));

    /// <summary>What RFC 9110 calls deflate is zlib's format; some servers send bare deflate under that name.</summary>
    public static InflateDecoder Deflate() => new(static (feed, first) => IsZLib(first)
        ? new ZLibStream(feed, CompressionMode.Decompress)
        : new DeflateStream(feed, CompressionMode.Decompress));

    public override void Dispose() => _inflater?.Dispose();

    /// <summary>
    /// True if a stream that begins with this byte is zlib's (RFC 1950: its low half is 8). As bare deflate it would be a stored block whose
    /// padding isn't zero, which nobody writes.
    /// </summary>
    internal static bool IsZLib(byte first) => (first & 0x0F) == 8;

    protected override OperationStatus Decode(ReadOnlySpan<byte> encoded, Span<byte> buffer, out int consumed, out int written)
    {
        consumed = 0;
        if (_inflater is null)
        {
            if (encoded.IsEmpty)
            {
                written = 0;
                return OperationStatus.NeedMoreData;
            }

            _inflater = _create(_feed, encoded[0]);
        }

        if (_feed.IsEmpty && !encoded.IsEmpty)
        {
            consumed = Math.Min(encoded.Length, PieceLength);
            _feed.Set(encoded[..consumed]);
        }

        written = _inflater.Read(buffer);
        // It reads on until it has something to give. What it leaves unread then is behind the end.
        return written == 0 && !_feed.IsEmpty ? OperationStatus.Done : OperationStatus.NeedMoreData;
    }

    // Not seekable: a decoder takes bytes behind its end back to where they can be read again, and here what stays unread tells of the end.
    private sealed class FeedStream : MemoryStream
    {
        public override bool CanSeek => false;

        public bool IsEmpty => Position == Length;

        public void Set(ReadOnlySpan<byte> bytes)
        {
            SetLength(0);
            Write(bytes);
            Position = 0;
        }
    }
}

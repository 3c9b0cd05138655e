using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Metering.Taps;

/// <summary>gzip and deflate: their decoders read from a stream, so they get one that is empty between two pieces.</summary>
internal sealed class InflateDecoder : BodyDecoder
{
    private readonly FeedStream _feed = new();
    private readonly Stream _inflater;

    public InflateDecoder(Func<Stream, Stream> create) => _inflater = create(_feed);

    public override void Dispose() => _inflater.Dispose();

    protected override void Begin(ReadOnlySpan<byte> encoded) => _feed.Set(encoded);

    protected override int Decode(Span<byte> buffer) => _inflater.Read(buffer);

    private sealed class FeedStream : ReadOnlyStream
    {
        private byte[] _bytes = [];
        private int _start;
        private int _end;

        public void Set(ReadOnlySpan<byte> bytes)
        {
            if (_bytes.Length < bytes.Length)
            {
                _bytes = new byte[bytes.Length];
            }

            bytes.CopyTo(_bytes);
            (_start, _end) = (0, bytes.Length);
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _end - _start);
            _bytes.AsSpan(_start, count).CopyTo(buffer);
            _start += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}

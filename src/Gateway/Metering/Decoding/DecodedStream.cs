using System.Buffers;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Usage.Decoding;

namespace OpenAIProxy.Gateway.Metering.Decoding;

/// <summary>A compressed answer that goes on to the client as it was before. What unpacks to far too much is broken off.</summary>
internal sealed class DecodedStream(Stream upstream, BodyDecoder decoder) : UpstreamStream(upstream)
{
    private const int BufferSize = 8 * 1024;

    private readonly byte[] _bytes = new byte[BufferSize];
    private int _start;
    private int _end;
    private bool _hasMore;
    private bool _hasEnded;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!buffer.IsEmpty)
        {
            return ReadDecodedAsync(buffer, cancellationToken);
        }

        return _hasMore || _hasEnded || _start < _end ? default : Upstream.ReadAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadDecodedAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!_hasEnded)
        {
            var status = decoder.DecodeNext(_bytes.AsSpan(_start, _end - _start), buffer.Span, out var consumed, out var written);
            _start += consumed;
            _hasEnded = status == OperationStatus.Done;
            _hasMore = written == buffer.Length;
            if (status == OperationStatus.InvalidData)
            {
                throw new InvalidDataException("The answer's Content-Encoding can't be read.");
            }

            if (written > 0)
            {
                return written;
            }

            if (consumed == 0 && !_hasEnded)
            {
                _end = await Upstream.ReadAsync(_bytes, cancellationToken);
                _start = 0;
                _hasEnded = _end == 0;
            }
        }

        return 0;
    }
}

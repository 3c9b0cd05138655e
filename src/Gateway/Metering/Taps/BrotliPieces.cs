using System.Buffers;
using System.IO.Compression;

namespace OpenAIProxy.Gateway.Metering.Taps;

/// <summary>Brotli, in pieces.</summary>
internal sealed class BrotliPieces : BodyDecoder
{
    private BrotliDecoder _decoder;
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public override void Dispose() => _decoder.Dispose();

    protected override void Begin(ReadOnlySpan<byte> encoded)
    {
        var left = _end - _start;
        var joined = new byte[left + encoded.Length];
        _bytes.AsSpan(_start, left).CopyTo(joined);
        encoded.CopyTo(joined.AsSpan(left));
        (_bytes, _start, _end) = (joined, 0, joined.Length);
    }

    protected override int Decode(Span<byte> buffer)
    {
        var status = _decoder.Decompress(_bytes.AsSpan(_start, _end - _start), buffer, out var consumed, out var written);
        _start += consumed;
        return status == OperationStatus.InvalidData ? throw new InvalidDataException("Not Brotli.") : written;
    }
}

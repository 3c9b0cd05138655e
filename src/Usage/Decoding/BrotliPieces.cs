using System.Buffers;
using System.IO.Compression;

namespace OpenAIProxy.Usage.Decoding;

/// <summary>Brotli, in pieces.</summary>
internal sealed class BrotliPieces : BodyDecoder
{
    private BrotliDecoder _decoder;

    public override void Dispose() => _decoder.Dispose();

    // It keeps what it can't decode yet, so a piece is consumed as a whole unless the buffer was full.
    protected override OperationStatus Decode(ReadOnlySpan<byte> encoded, Span<byte> buffer, out int consumed, out int written)
        => _decoder.Decompress(encoded, buffer, out consumed, out written);
}

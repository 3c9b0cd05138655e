using System.Buffers;
using Microsoft.Win32.SafeHandles;
using ZstdSharp.Unsafe;

namespace OpenAIProxy.Usage.Decoding;

/// <summary>Zstandard, in pieces, of any number of frames. The library's own Decompressor doesn't tell where a frame ends if something follows it.</summary>
internal sealed unsafe class ZstdPieces : BodyDecoder
{
    /// <summary>Bytes, as a power of two: 8 MB, the most that a frame may ask for in HTTP (RFC 9659).</summary>
    private const int LargestWindow = 23;

    private readonly Context _context = new();
    private bool _isBehindAFrame;

    public override void Dispose() => _context.Dispose();

    protected override OperationStatus Decode(ReadOnlySpan<byte> encoded, Span<byte> buffer, out int consumed, out int written)
    {
        var result = Decompress(encoded, buffer, out consumed, out written);
        if (Methods.ZSTD_isError(result))
        {
            return _isBehindAFrame ? OperationStatus.Done : OperationStatus.InvalidData;
        }

        // Until it gives a byte it may be no further frame, but what stands behind the last one.
        _isBehindAFrame = (result == 0 && consumed > 0) || (_isBehindAFrame && written == 0);
        return OperationStatus.NeedMoreData;
    }

    // 0 at the end of a frame, an error, or how much more it would like to have.
    private nuint Decompress(ReadOnlySpan<byte> encoded, Span<byte> buffer, out int consumed, out int written)
    {
        var isHeld = false;
        try
        {
            // Nobody frees it meanwhile.
            _context.DangerousAddRef(ref isHeld);
            fixed (byte* from = encoded, to = buffer)
            {
                var input = new ZSTD_inBuffer_s { src = from, size = (nuint)encoded.Length };
                var output = new ZSTD_outBuffer_s { dst = to, size = (nuint)buffer.Length };
                var result = Methods.ZSTD_decompressStream(_context.Pointer, &output, &input);
                consumed = (int)input.pos;
                written = (int)output.pos;
                return result;
            }
        }
        finally
        {
            if (isHeld)
            {
                _context.DangerousRelease();
            }
        }
    }

    /// <summary>The decoder's memory, which isn't the collector's.</summary>
    private sealed class Context : SafeHandleZeroOrMinusOneIsInvalid
    {
        public Context()
            : base(ownsHandle: true)
        {
            SetHandle((nint)Methods.ZSTD_createDCtx());
            Methods.ZSTD_DCtx_setParameter(Pointer, ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindow);
        }

        public ZSTD_DCtx_s* Pointer => (ZSTD_DCtx_s*)handle;

        protected override bool ReleaseHandle()
        {
            Methods.ZSTD_freeDCtx(Pointer);
            return true;
        }
    }
}

using System.Buffers;
using System.IO.Compression;
using OpenAIProxy.Gateway.Metering.Answers;

namespace OpenAIProxy.Gateway.Metering.Taps;

/// <summary>Decodes a copy of a compressed answer, piece by piece, for the meter. The client gets the original.</summary>
internal abstract class BodyDecoder : IDisposable
{
    /// <summary>Bytes. More than any answer has; a bomb has more.</summary>
    private const long MostDecoded = 1L << 30;

    private const int BufferSize = 16 * 1024;

    private long _decoded;

    /// <summary>The decoder for a Content-Encoding; null if it can't be decoded.</summary>
    public static BodyDecoder? For(string encoding) => encoding.Trim().ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new InflateDecoder(feed => new GZipStream(feed, CompressionMode.Decompress)),
        "deflate" => new InflateDecoder(feed => new ZLibStream(feed, CompressionMode.Decompress)),
        "br" => new BrotliPieces(),
        _ => null,
    };

    /// <summary>Shows <paramref name="meter"/> what <paramref name="encoded"/> adds to the body.</summary>
    /// <returns>False if it can't be decoded, or would never end.</returns>
    public bool Feed(ReadOnlySpan<byte> encoded, AnswerMeter meter)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            Begin(encoded);
            int count;
            while ((count = Decode(buffer)) > 0)
            {
                meter.Observe(buffer.AsSpan(0, count));
                _decoded += count;
                if (_decoded > MostDecoded)
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public abstract void Dispose();

    /// <summary>The next piece.</summary>
    protected abstract void Begin(ReadOnlySpan<byte> encoded);

    /// <summary>Decodes of it what goes into the buffer; 0 at its end.</summary>
    protected abstract int Decode(Span<byte> buffer);
}

using System.Buffers;
using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Decoding;

/// <summary>
/// Decodes a copy of a compressed answer, piece by piece, for the meter. The client gets the original. What that costs is bounded whatever
/// the answer holds: behind the end of the coded stream nothing is looked at, and what unpacks to too much, or takes too long, isn't
/// either.
/// </summary>
internal abstract class BodyDecoder : IDisposable
{
    /// <summary>Decoded bytes for each encoded one. Events that are nearly equal reach 150 in gzip; a bomb has a thousand and more.</summary>
    private const long MostExpansion = 250;

    /// <summary>Decoded bytes that any answer may have, whatever it was before: more than nearly all streams, and milliseconds of work.</summary>
    private const long Grace = 16 * 1024 * 1024;

    private const int BufferSize = 16 * 1024;

    /// <summary>For all of one answer, decoding and looking together; hundreds of megabytes take that long.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);

    private TimeProvider _clock = TimeProvider.System;
    private long _encoded;
    private TimeSpan _time;
    private bool _hasEnded;

    /// <summary>Bytes that the meter was shown.</summary>
    public long Decoded { get; private set; }

    /// <summary>Takes <paramref name="encoding"/> apart: a Content-Encoding, several values with commas between.</summary>
    /// <param name="encoding">The value; null if there is none.</param>
    /// <param name="coding">The one coding in it, in lower case; null for none, or for several over each other.</param>
    /// <returns>False if the body is not encoded.</returns>
    public static bool IsEncoded(string? encoding, out string? coding)
    {
        coding = null;
        var count = 0;
        foreach (var range in encoding.AsSpan().Split(','))
        {
            var name = encoding.AsSpan()[range].Trim();
            if (!name.IsEmpty && !name.Equals("identity", StringComparison.OrdinalIgnoreCase))
            {
                count++;
                coding = count == 1 ? name.ToString().ToLowerInvariant() : null;
            }
        }

        return count > 0;
    }

    /// <summary>The decoder for a content coding in lower case; null if it can't be decoded.</summary>
    public static BodyDecoder? For(string? coding, TimeProvider time)
    {
        BodyDecoder? decoder = coding switch
        {
            "gzip" or "x-gzip" => InflateDecoder.Gzip(),
            "deflate" => InflateDecoder.Deflate(),
            "br" => new BrotliPieces(),
            "zstd" => new ZstdPieces(),
            _ => null,
        };
        decoder?._clock = time;
        return decoder;
    }

    /// <summary>Shows <paramref name="meter"/> what <paramref name="encoded"/> adds to the body.</summary>
    /// <returns>False if nothing more is to be fed: it can't be decoded, or costs too much.</returns>
    public bool Feed(ReadOnlySpan<byte> encoded, AnswerMeter meter)
    {
        if (_hasEnded)
        {
            return true;
        }

        var started = _clock.GetTimestamp();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                var status = DecodeNext(encoded, buffer, out var consumed, out var written);
                encoded = encoded[consumed..];
                if (written > 0)
                {
                    meter.Observe(buffer.AsSpan(0, written));
                }

                if (status == OperationStatus.InvalidData || _time + _clock.GetElapsedTime(started) > MostTime)
                {
                    return false;
                }

                if (status == OperationStatus.Done || (consumed == 0 && written == 0))
                {
                    _hasEnded = status == OperationStatus.Done;
                    return true;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _time += _clock.GetElapsedTime(started);
        }
    }

    /// <summary>Decodes what goes into the buffer. What it consumes it has kept or decoded; the rest is to be shown to it again.</summary>
    /// <returns>
    /// <see cref="OperationStatus.Done"/> at the end of the coded stream; <see cref="OperationStatus.InvalidData"/> too where it unpacks to too
    /// much. With nothing consumed and nothing written, it needs more.
    /// </returns>
    public OperationStatus DecodeNext(ReadOnlySpan<byte> encoded, Span<byte> buffer, out int consumed, out int written)
    {
        var status = Decode(encoded, buffer, out consumed, out written);
        _encoded += consumed;
        Decoded += written;
        return Decoded > Grace + (_encoded * MostExpansion) ? OperationStatus.InvalidData : status;
    }

    public abstract void Dispose();

    /// <summary>The same, without the bounds.</summary>
    protected abstract OperationStatus Decode(ReadOnlySpan<byte> encoded, Span<byte> buffer, out int consumed, out int written);
}

using System.Buffers;
using OpenAIProxy.Gateway.ChatLog.Calls;
using OpenAIProxy.Usage.Decoding;

namespace OpenAIProxy.Gateway.ChatLog.Lines;

/// <summary>What was kept of a body, without its Content-Encoding.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsCut">True if there were more.</param>
internal readonly record struct PlainBody(ReadOnlyMemory<byte> Bytes, bool IsCut)
{
    private const int PieceSize = 16 * 1024;

    /// <summary>Decodes it; null if that can't be done.</summary>
    /// <param name="body">The body.</param>
    /// <param name="most">Decoded bytes that are kept.</param>
    /// <param name="time">The clock.</param>
    public static PlainBody? Of(CapturedBody body, int most, TimeProvider time)
    {
        var isCut = body.Total > body.Length;
        if (!BodyDecoder.IsEncoded(body.Type.Encoding, out var coding))
        {
            return new PlainBody(body.Bytes, isCut);
        }

        using var decoder = BodyDecoder.For(coding, time);
        if (decoder is null)
        {
            return null;
        }

        var plain = Decode(decoder, body.Bytes.Span, most, ref isCut);
        return plain.IsEmpty && body.Length > 0 ? null : new PlainBody(plain, isCut);
    }

    private static ReadOnlyMemory<byte> Decode(BodyDecoder decoder, ReadOnlySpan<byte> encoded, int most, ref bool isCut)
    {
        var plain = new ArrayBufferWriter<byte>(PieceSize);
        try
        {
            while (plain.WrittenCount < most)
            {
                var status = decoder.DecodeNext(encoded, plain.GetSpan(PieceSize), out var consumed, out var written);
                plain.Advance(written);
                encoded = encoded[consumed..];
                // Not every decoder knows where its stream ends: behind the last byte it waits for more.
                if (status == OperationStatus.Done || (status != OperationStatus.InvalidData && consumed == 0 && written == 0))
                {
                    return plain.WrittenMemory;
                }

                if (status == OperationStatus.InvalidData)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // What came before it is shown.
        }

        isCut = true;
        return plain.WrittenMemory[..Math.Min(plain.WrittenCount, most)];
    }
}

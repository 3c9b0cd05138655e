using System.IO.Compression;
using ZstdSharp;

namespace OpenAIProxy.Usage.Tests.Decoding;

/// <summary>Content codings, as a server would write them.</summary>
internal static class Coding
{
    /// <summary>The encoded form of <paramref name="bytes"/>.</summary>
    public static byte[] Encode(string coding, ReadOnlySpan<byte> bytes)
    {
        using var to = new MemoryStream();
        using (var encoder = Encoder(coding, to))
        {
            encoder.Write(bytes);
        }

        return to.ToArray();
    }

    /// <summary>Encodes into <paramref name="to"/>; <c>raw</c> is deflate without its frame, which some servers send under that name.</summary>
    public static Stream Encoder(string coding, Stream to) => coding switch
    {
        "gzip" => new GZipStream(to, CompressionLevel.SmallestSize, leaveOpen: true),
        "br" => new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(to, CompressionLevel.SmallestSize, leaveOpen: true),
        "raw" => new DeflateStream(to, CompressionLevel.SmallestSize, leaveOpen: true),
        "zstd" => new CompressionStream(to, level: 5, leaveOpen: true),
        _ => throw new ArgumentOutOfRangeException(nameof(coding)),
    };

    /// <summary>The name under which it is announced.</summary>
    public static string Name(string coding) => coding == "raw" ? "deflate" : coding;
}

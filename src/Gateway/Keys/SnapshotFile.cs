using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.ServiceDefaults.Files;

namespace OpenAIProxy.Gateway.Keys;

/// <summary>
/// The last snapshot on disk, for a start without the billing service: a line with the SHA-256 of the rest, and the snapshot as it came.
/// <code>openaiproxy-keys 1 9f86d081…\n{"version":7,"keys":[…]}</code>
/// It holds hashes of secrets and names, and is nobody else's to read. Gateways that share a journal's folder share it.
/// </summary>
internal static class SnapshotFile
{
    private const string Mark = "openaiproxy-keys 1 ";
    private const int HeadLength = 19 + (2 * SHA256.HashSizeInBytes) + 1;

    /// <summary>The snapshot in a file; null if there is no file.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static ReadOnlyMemory<byte>? Read(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(file).AsMemory();
        if (bytes.Length < HeadLength || !bytes.Span[..HeadLength].SequenceEqual(Head(bytes.Span[HeadLength..])))
        {
            throw new InvalidDataException("Its checksum is not that of its content.");
        }

        return bytes[HeadLength..];
    }

    /// <summary>Replaces the file at once: whoever reads it meanwhile, or after a power cut, finds the old one or the new one.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static void Write(string file, ReadOnlySpan<byte> snapshot)
    {
        OwnFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var temporary = $"{file}.{Path.GetRandomFileName()}";
        try
        {
            using (var stream = OwnFiles.Create(temporary))
            {
                stream.Write(Head(snapshot));
                stream.Write(snapshot);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static byte[] Head(ReadOnlySpan<byte> snapshot) => Encoding.ASCII.GetBytes($"{Mark}{Convert.ToHexStringLower(SHA256.HashData(snapshot))}\n");
}

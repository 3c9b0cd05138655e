using System.Security.Cryptography;

namespace OpenAIProxy.Simulator.Shapes;

/// <summary>Ids that are unique to an answer: 24 hexadecimal digits, a random part per process and a count.</summary>
internal static class Ids
{
    public const int Length = 24;

    private static readonly uint ProcessPart = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
    private static long _count;

    public static string New(string prefix) => string.Create(prefix.Length + Length, (prefix, Next()), static (span, id) =>
    {
        id.prefix.CopyTo(span);
        ProcessPart.TryFormat(span[id.prefix.Length..], out _, "x8");
        id.Item2.TryFormat(span[(id.prefix.Length + 8)..], out _, "x16");
    });

    public static long Next() => Interlocked.Increment(ref _count);

    /// <summary>Writes the 24 digits of <paramref name="id"/>.</summary>
    public static void Write(long id, Span<byte> utf8)
    {
        ProcessPart.TryFormat(utf8, out _, "x8");
        id.TryFormat(utf8[8..], out _, "x16");
    }

    public static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}

using System.Text;
using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>
/// Makes texts of UTF-8, each but once. Control characters, which come from outside and which not every database takes, become U+FFFD.
/// For one thread.
/// </summary>
internal sealed class NameCache
{
    private const int Most = 10_000;

    private readonly Dictionary<byte[], string> _names = new(new ByName());
    private readonly Dictionary<byte[], string>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public NameCache() => _lookup = _names.GetAlternateLookup<ReadOnlySpan<byte>>();

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (_lookup.TryGetValue(utf8, out var name))
        {
            return name;
        }

        name = Make(utf8);
        if (_names.Count < Most)
        {
            _lookup[utf8] = name;
        }

        return name;
    }

    private static string Make(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);
        return text.Any(char.IsControl)
            ? string.Create(text.Length, text, static (to, from) =>
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = char.IsControl(from[i]) ? '\uFFFD' : from[i];
                }
            })
            : text;
    }

    private sealed class ByName : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => (int)Checksum.Add(0, obj);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)Checksum.Add(0, alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}

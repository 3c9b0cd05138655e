using System.Text;

namespace OpenAIProxy.Usage.Scanning;

/// <summary>
/// A place in a JSON document that is looked at: what is there, and which places below it are looked at too. A tree of these says all that
/// a scanner needs to know; what is not in the tree is passed over, whatever it looks like.
/// </summary>
internal sealed class JsonNode(JsonField field = JsonField.None)
{
    /// <summary>The longest key that can be looked for.</summary>
    private const int LongestKey = 63;

    private byte[][] _keys = [];
    private JsonNode[] _children = [];
    private ulong _lengths;

    /// <summary>What is told to the sink; <see cref="JsonField.None"/> for nothing.</summary>
    public JsonField Field { get; } = field;

    /// <summary>The items, if the place holds an array; null if they are passed over.</summary>
    public JsonNode? Element { get; set; }

    /// <summary>True for a text that is a thought.</summary>
    public bool IsThought { get; init; }

    /// <summary>True for a thought that may stand in the document under another name, too.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>True for an object of settings: its keys are no text, nor are its strings that the sink is told of.</summary>
    public bool IsSettings { get; init; }

    /// <summary>True if a member is found whatever the case of its name, as servers written in Go or C# find it.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>The members that have no place of their own; null if they are passed over.</summary>
    public JsonNode? Others { get; set; }

    /// <summary>True if the place may hold an object that is looked into.</summary>
    public bool HasMembers => _keys.Length > 0 || Others is not null;

    /// <summary>Adds a member. Only while the tree is built.</summary>
    public JsonNode this[string key]
    {
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, LongestKey);
            _keys = [.. _keys, Encoding.ASCII.GetBytes(key)];
            _children = [.. _children, value];
            _lengths |= 1UL << key.Length;
        }
    }

    /// <summary>The member of that name; null if nobody looks at it.</summary>
    public JsonNode? Find(ReadOnlySpan<byte> key)
    {
        if (IgnoresCase)
        {
            return FindInAnyCase(key);
        }

        // Most keys of an answer have a length that no key looked for has.
        if (key.Length is 0 or > LongestKey || (_lengths >> key.Length & 1) == 0)
        {
            return Others;
        }

        for (var i = 0; i < _keys.Length; i++)
        {
            var candidate = _keys[i];
            if (candidate.Length == key.Length && candidate[0] == key[0] && key.SequenceEqual(candidate))
            {
                return _children[i];
            }
        }

        return Others;
    }

    private JsonNode? FindInAnyCase(ReadOnlySpan<byte> key)
    {
        Span<byte> folded = stackalloc byte[LongestKey];
        if (key.Length is 0 or > LongestKey)
        {
            return Others;
        }

        var length = Fold(key, folded);
        var wanted = (ReadOnlySpan<byte>)folded[..length];
        for (var i = 0; i < _keys.Length; i++)
        {
            if (wanted.SequenceEqual(_keys[i]))
            {
                return _children[i];
            }
        }

        return Others;
    }

    // Go's decoder also takes a long s for an s, and the sign of the unit kelvin for a k:
    // https://pkg.go.dev/encoding/json#Unmarshal, https://github.com/golang/go/blob/go1.25.0/src/encoding/json/fold.go
    private static int Fold(ReadOnlySpan<byte> key, Span<byte> folded)
    {
        var length = 0;
        while (!key.IsEmpty)
        {
            var taken = 1;
            var next = key[0];
            if (key.StartsWith("\u017f"u8))
            {
                taken = 2;
                next = (byte)'s';
            }
            else if (key.StartsWith("\u212a"u8))
            {
                taken = 3;
                next = (byte)'k';
            }

            folded[length++] = next is >= (byte)'A' and <= (byte)'Z' ? (byte)(next | 0x20) : next;
            key = key[taken..];
        }

        return length;
    }
}

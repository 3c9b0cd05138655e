using System.Buffers;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.Usage.Scanning;

/// <summary>
/// Reads JSON that comes in pieces, cut anywhere, and tells a sink what is at the places of a tree. Strings and subtrees that nobody looks
/// at are passed over by vectorised search; nothing is kept but one key or short value, and where we are. It checks nothing: whatever the
/// bytes are, it goes on or finds nothing, and never throws.
/// </summary>
internal sealed class JsonScanner(JsonNode root, IJsonSink sink)
{
    /// <summary>Bytes of a value that are told; the rest of it is left out.</summary>
    public const int LongestValue = 128;

    /// <summary>No tree is deeper.</summary>
    private const int Deepest = 10;

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    private readonly JsonNode _root = root;
    private readonly JsonNode[] _containers = new JsonNode[Deepest];
    private Value _value;
    private State _state;
    private JsonNode? _node = root;
    private int _depth;
    private uint _arrays;
    private int _skipped;
    private int _length;
    private byte _escape;
    private int _code;

    private enum State : byte
    {
        Value,
        Key,
        InKey,
        Colon,
        InString,
        InScalar,
        Skipping,
        Done,
    }

    /// <summary>True once anything but white space has come.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>True once the document is complete; what follows is passed over.</summary>
    public bool IsDone => _state == State.Done;

    /// <summary>True while the text that is told of is a thought.</summary>
    public bool IsInThought => _node is { IsThought: true };

    /// <summary>True while the text that is told of may repeat a thought.</summary>
    public bool IsInRepetition => _node is { IsRepeated: true };

    /// <summary>Makes ready for another document.</summary>
    public void Reset()
    {
        IsBegun = false;
        _state = State.Value;
        _node = _root;
        _depth = 0;
        _skipped = 0;
        _escape = 0;
    }

    /// <summary>Takes the next piece.</summary>
    public void Scan(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            switch (_state)
            {
                case State.Value:
                    at = BeginValue(bytes, at);
                    break;
                case State.Key:
                    at = BeginKey(bytes, at);
                    break;
                case State.Colon:
                    if (bytes[at++] == ':')
                    {
                        _state = State.Value;
                    }

                    break;
                case State.InKey or State.InString:
                    at = ContinueString(bytes, at);
                    break;
                case State.InScalar:
                    at = ContinueScalar(bytes, at);
                    break;
                case State.Skipping:
                    at = Skip(bytes, at);
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>The next byte that says anything; the last one if none does.</summary>
    private static byte Next(ReadOnlySpan<byte> bytes, ref int at)
    {
        byte next;
        do
        {
            next = bytes[at++];
        }
        while (IsBetween(next) && at < bytes.Length);
        return next;
    }

    private static bool IsBetween(byte next) => next is <= (byte)' ' or (byte)',';

    private int BeginKey(ReadOnlySpan<byte> bytes, int at)
    {
        var first = Next(bytes, ref at);
        if (first is (byte)'}' or (byte)']')
        {
            Close();
        }
        else if (first == '"')
        {
            var rest = bytes[at..];
            var end = rest.IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0 || rest[end] != '"')
            {
                _length = 0;
                _state = State.InKey;
                return at;
            }

            _node = _containers[_depth - 1].Find(rest[..end]);
            at += end + 1;
            _state = State.Colon;
            if (at < bytes.Length && bytes[at] == ':')
            {
                at++;
                _state = State.Value;
                return at < bytes.Length ? BeginValue(bytes, at) : at;
            }
        }

        return at;
    }

    private int BeginValue(ReadOnlySpan<byte> bytes, int at)
    {
        var first = Next(bytes, ref at);
        if (IsBetween(first))
        {
            return at;
        }

        IsBegun = true;
        switch (first)
        {
            case (byte)'"':
                var rest = bytes[at..];
                var end = rest.IndexOfAny((byte)'"', (byte)'\\');
                if (end < 0 || rest[end] != '"')
                {
                    _length = 0;
                    _state = State.InString;
                    return at;
                }

                if (_node is { Field: JsonField.Text })
                {
                    sink.OnText(end);
                }
                else if (_node is { Field: not JsonField.None } node)
                {
                    sink.OnValue(node.Field, rest[..Math.Min(end, LongestValue)], isString: true);
                }

                EndValue();
                return at + end + 1;
            case (byte)'{':
                Open(isArray: false);
                return at;
            case (byte)'[':
                Open(isArray: true);
                return at;
            case (byte)'}' or (byte)']':
                Close();
                return at;
            default:
                _length = 0;
                _state = State.InScalar;
                return at - 1;
        }
    }

    private int ContinueString(ReadOnlySpan<byte> bytes, int at)
    {
        if (_escape != 0)
        {
            Unescape(bytes[at]);
            return at + 1;
        }

        var rest = bytes[at..];
        var end = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0)
        {
            Keep(rest);
            return bytes.Length;
        }

        Keep(rest[..end]);
        if (rest[end] == '\\')
        {
            _escape = 1;
        }
        else
        {
            EndString();
        }

        return at + end + 1;
    }

    private int ContinueScalar(ReadOnlySpan<byte> bytes, int at)
    {
        var end = at;
        while (end < bytes.Length && bytes[end] > ' ' && bytes[end] is not ((byte)',' or (byte)'}' or (byte)']'))
        {
            end++;
        }

        var isWanted = _node is { Field: not (JsonField.None or JsonField.Text) };
        if (isWanted)
        {
            Keep(bytes[at..end]);
        }

        if (end < bytes.Length)
        {
            if (isWanted && Kept is var value && !value.SequenceEqual("null"u8))
            {
                sink.OnValue(_node!.Field, value, isString: false);
            }

            EndValue();
        }

        return end;
    }

    private int Skip(ReadOnlySpan<byte> bytes, int at)
    {
        while (true)
        {
            var rest = bytes[at..];
            var next = rest.IndexOfAny(Structure);
            if (next < 0)
            {
                return bytes.Length;
            }

            at += next + 1;
            switch (rest[next])
            {
                case (byte)'"':
                    rest = bytes[at..];
                    var end = rest.IndexOfAny((byte)'"', (byte)'\\');
                    if (end < 0 || rest[end] != '"')
                    {
                        _state = State.InString;
                        return at;
                    }

                    at += end + 1;
                    break;
                case (byte)'{' or (byte)'[':
                    _skipped++;
                    break;
                default:
                    if (--_skipped == 0)
                    {
                        EndValue();
                        return at;
                    }

                    break;
            }
        }
    }

    private ReadOnlySpan<byte> Kept => ((ReadOnlySpan<byte>)_value)[..Math.Min(_length, LongestValue)];

    private void Keep(ReadOnlySpan<byte> piece)
    {
        if (_state == State.InString)
        {
            if (_node is null || _skipped > 0)
            {
                return;
            }

            if (_node.Field == JsonField.Text)
            {
                if (!piece.IsEmpty)
                {
                    sink.OnText(piece.Length);
                }

                return;
            }
        }

        if (_length < LongestValue)
        {
            piece[..Math.Min(piece.Length, LongestValue - _length)].CopyTo(((Span<byte>)_value)[_length..]);
        }

        // Not more than is needed to know that it is too long: a string of gigabytes must not make it wrap.
        _length = (int)Math.Min((long)_length + piece.Length, LongestValue + 1);
    }

    private void Unescape(byte next)
    {
        if (_escape > 1)
        {
            var digit = HexDigit(next);
            _code = (_code << 4) | digit;
            _escape++;
            if (_escape > 5)
            {
                _escape = 0;
                Keep([(byte)(_code < 0x80 ? _code : '?')]);
            }

            return;
        }

        _escape = 0;
        if (_state == State.InString && (_node is null || _skipped > 0))
        {
            return;
        }

        if (_state == State.InString && _node!.Field == JsonField.Text)
        {
            // \u and its four digits stand for about three bytes; the digits are counted as they come.
            sink.OnText(next == 'u' ? -1 : 1);
        }
        else if (next == 'u')
        {
            _escape = 2;
            _code = 0;
        }
        else
        {
            Keep([next]);
        }
    }

    private void EndString()
    {
        if (_state == State.InKey)
        {
            _node = _length > LongestValue ? null : _containers[_depth - 1].Find(Kept);
            _state = State.Colon;
        }
        else if (_skipped > 0)
        {
            _state = State.Skipping;
        }
        else
        {
            if (_node is { Field: not (JsonField.None or JsonField.Text) } node)
            {
                sink.OnValue(node.Field, Kept, isString: true);
            }

            EndValue();
        }
    }

    private void Open(bool isArray)
    {
        if (_node is { Field: not (JsonField.None or JsonField.Text) } node)
        {
            sink.OnOpen(node.Field);
        }

        if (_node is null || !(isArray ? _node.Element is not null : _node.HasMembers) || _depth == Deepest)
        {
            _node = null;
            _skipped = 1;
            _state = State.Skipping;
            return;
        }

        _containers[_depth] = _node;
        _arrays = isArray ? _arrays | 1u << _depth : _arrays & ~(1u << _depth);
        _depth++;
        EndValue();
    }

    private void Close()
    {
        if (_depth > 0)
        {
            _depth--;
            if (_containers[_depth] is { Field: not (JsonField.None or JsonField.Text) } node)
            {
                sink.OnClose(node.Field);
            }
        }

        EndValue();
    }

    /// <summary>What comes next in the container we are in; also when it has just been opened.</summary>
    private void EndValue()
    {
        if (_depth == 0)
        {
            _state = State.Done;
            sink.OnDocument();
        }
        else if ((_arrays >> (_depth - 1) & 1) != 0)
        {
            _node = _containers[_depth - 1].Element;
            _state = State.Value;
        }
        else
        {
            _state = State.Key;
        }
    }

    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        // No character that any name has.
        _ => 0x80,
    };

    [InlineArray(LongestValue)]
    private struct Value
    {
        private byte _first;
    }
}

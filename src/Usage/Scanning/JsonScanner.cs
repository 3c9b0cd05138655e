using System.Buffers;
using System.Collections;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.Usage.Scanning;

/// <summary>
/// Reads JSON that comes in pieces, cut anywhere, and tells a sink what is at the places of a tree. Strings and subtrees that nobody looks
/// at are passed over by vectorised search; nothing is kept but one key or short value, and where we are. Whatever the bytes are, it goes on
/// or finds nothing, and never throws.
/// </summary>
/// <param name="root">The places that are looked at.</param>
/// <param name="sink">Is told what is there.</param>
/// <param name="checks">True if <see cref="IsValid"/> matters: nothing is passed over then, and all of it is checked.</param>
/// <param name="text">Measures keys and strings, but not settings that the sink is told of; null if lengths don't matter.</param>
internal sealed class JsonScanner(JsonNode root, IJsonSink sink, bool checks = false, TextMeasure? text = null)
{
    /// <summary>Bytes of a value that are told; the rest of it is left out.</summary>
    public const int LongestValue = 128;

    /// <summary>No tree is deeper.</summary>
    private const int Deepest = 10;

    /// <summary>What is deeper is taken as no JSON where it is checked.</summary>
    private const int DeepestChecked = 512;

    private const int ArrayBits = 32;

    // What ends a piece of a string: also the control characters, which may only stand there escaped.
    private static readonly SearchValues<byte> StringEnds = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, ' ').Select(b => (byte)b)]);

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    private readonly JsonNode _root = root;
    private readonly JsonNode?[] _containers = new JsonNode?[Deepest];
    private Value _value;
    private State _state;
    private JsonNode? _node = root;
    private int _depth;
    private uint _arrays;
    private int _skipped;
    private int _length;
    private int _at;
    private long _before;
    private JsonEscape _escape;
    private JsonGrammar _grammar;
    private BitArray? _deeperArrays;

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

    /// <summary>False once something has come that no JSON document has at that place. Only where all is checked.</summary>
    public bool IsValid => !_grammar.IsBroken;

    /// <summary>True if the name of a member was written with an escape, in an object that is looked into.</summary>
    public bool HasEscapedKey { get; private set; }

    /// <summary>True once something that is looked for lies deeper than is looked.</summary>
    public bool IsTooDeep { get; private set; }

    /// <summary>How many bytes end with what is told of: the bracket that closes, or <c>null</c>.</summary>
    public long Position => _before + _at;

    /// <summary>True if what is told to open is an array.</summary>
    public bool IsArray { get; private set; }

    /// <summary>True if nothing is in the object or array that is told to close. Only where all is checked.</summary>
    public bool IsEmpty => _grammar.IsEmpty;

    /// <summary>True while the text that is told of is a thought.</summary>
    public bool IsInThought => _node is { IsThought: true };

    /// <summary>True while the text that is told of may repeat a thought.</summary>
    public bool IsInRepetition => _node is { IsRepeated: true };

    private bool IsCareful => checks || text is not null;

    // The string of a value, unless it is a setting that the sink is told of.
    private bool IsText => _node is null or { Field: JsonField.None or JsonField.Text } || _depth == 0 || Container is not { IsSettings: true };

    private JsonNode? Container => _depth <= Deepest ? _containers[_depth - 1] : null;

    private bool IsInArray => _depth <= ArrayBits ? (_arrays >> (_depth - 1) & 1) != 0 : _deeperArrays![_depth - 1 - ArrayBits];

    private ReadOnlySpan<byte> Kept => ((ReadOnlySpan<byte>)_value)[..Math.Min(_length, LongestValue)];

    /// <summary>Makes ready for another document.</summary>
    public void Reset()
    {
        IsBegun = false;
        _state = State.Value;
        _node = _root;
        _depth = 0;
        _skipped = 0;
        _before = 0;
        HasEscapedKey = false;
        IsTooDeep = false;
        _escape = default;
        _grammar = default;
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
                    at = BeginColon(bytes, at);
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
                    _grammar.Break(checks && bytes[at..].ContainsAnyExcept(" \t\r\n"u8));
                    at = bytes.Length;
                    break;
            }
        }

        _before += bytes.Length;
    }

    /// <summary>The next byte that says anything; the last one if none does.</summary>
    private byte Next(ReadOnlySpan<byte> bytes, ref int at)
    {
        byte next;
        do
        {
            next = bytes[at++];
            if (checks)
            {
                _grammar.Check(next, ClosingBracket());
            }
        }
        while (IsBetween(next) && at < bytes.Length);
        return next;
    }

    private byte ClosingBracket()
    {
        if (_depth == 0)
        {
            return 0;
        }

        return IsInArray ? (byte)']' : (byte)'}';
    }

    private static bool IsBetween(byte next) => next is <= (byte)' ' or (byte)',';

    private int BeginKey(ReadOnlySpan<byte> bytes, int at)
    {
        var first = Next(bytes, ref at);
        if (first is (byte)'}' or (byte)']')
        {
            Close(at);
        }
        else if (first == '"')
        {
            var rest = bytes[at..];
            var end = StringEnd(rest);
            if (end < 0 || rest[end] != '"')
            {
                BeginString(State.InKey);
                return at;
            }

            var container = Container;
            if (text is not null && container is not { IsSettings: true })
            {
                text.Take(rest[..end], countsCharacters: false);
            }

            _node = container?.Find(rest[..end]);
            at += end + 1;
            _state = State.Colon;
            if (at < bytes.Length && bytes[at] == ':')
            {
                at++;
                _state = State.Value;
                _grammar.Colon();
                return at < bytes.Length ? BeginValue(bytes, at) : at;
            }
        }

        return at;
    }

    private int BeginColon(ReadOnlySpan<byte> bytes, int at)
    {
        var next = bytes[at];
        if (next == ':')
        {
            _state = State.Value;
            _grammar.Colon();
        }
        else
        {
            _grammar.Break(next is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'));
        }

        return at + 1;
    }

    private int BeginValue(ReadOnlySpan<byte> bytes, int at)
    {
        var first = Next(bytes, ref at);
        if (IsBetween(first))
        {
            IsBegun |= _grammar.IsBroken;
            return at;
        }

        IsBegun = true;
        switch (first)
        {
            case (byte)'"':
                var rest = bytes[at..];
                var end = StringEnd(rest);
                if (end < 0 || rest[end] != '"')
                {
                    BeginString(State.InString);
                    return at;
                }

                if (text is not null && IsText)
                {
                    text.Take(rest[..end], _node is { Field: JsonField.Text });
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
                Close(at);
                return at;
            default:
                _length = 0;
                _state = State.InScalar;
                return at - 1;
        }
    }

    private int StringEnd(ReadOnlySpan<byte> bytes)
        => checks ? bytes.IndexOfAny(StringEnds) : bytes.IndexOfAny((byte)'"', (byte)'\\');

    private void BeginString(State state)
    {
        _state = state;
        _length = 0;
        _escape.Reset();
        text?.Begin(state == State.InString && _node is { Field: JsonField.Text });
    }

    private int ContinueString(ReadOnlySpan<byte> bytes, int at)
    {
        if (_escape.IsOpen)
        {
            Unescape(bytes[at]);
            return at + 1;
        }

        var rest = bytes[at..];
        var end = StringEnd(rest);
        var piece = end < 0 ? rest : rest[..end];
        text?.Plain(piece);
        if ((!piece.IsEmpty || (end >= 0 && rest[end] == '"')) && _escape.TakeLoneHalf())
        {
            Keep("\uFFFD"u8);
        }

        Keep(piece);
        if (end < 0)
        {
            return bytes.Length;
        }

        switch (rest[end])
        {
            case (byte)'"':
                EndString();
                break;
            case (byte)'\\':
                _escape.Begin();
                break;
            default:
                _grammar.Break(isError: true);
                break;
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
        if (isWanted || checks)
        {
            Keep(bytes[at..end]);
        }

        if (end == bytes.Length)
        {
            return end;
        }

        if (checks)
        {
            _grammar.CheckScalar(Kept);
            // A number that is longer is taken as none: its end can't be judged.
            _grammar.Break(_length > LongestValue);
        }

        if (isWanted)
        {
            _at = end;
            TellScalar(_node!.Field);
        }

        EndValue();

        return end;
    }

    private void TellScalar(JsonField field)
    {
        if (Kept.SequenceEqual("null"u8))
        {
            sink.OnNull(field);
        }
        else
        {
            sink.OnValue(field, Kept, isString: false);
        }
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
                    var end = StringEnd(rest);
                    if (end < 0 || rest[end] != '"')
                    {
                        BeginString(State.InString);
                        return at;
                    }

                    text?.Take(rest[..end], countsCharacters: false);

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
        if (!IsCareful && _escape.IsBegun && _state == State.InString && _node is null or { Field: JsonField.Text })
        {
            _escape.Reset();
            if (_node is not null)
            {
                // \u and its four digits stand for about three bytes; the digits are counted as they come.
                sink.OnText(next == 'u' ? -1 : 1);
            }

            return;
        }

        if (_escape.Take(next))
        {
            _grammar.Break(_escape.CodeUnit < 0);
            text?.Escape(_escape.CodeUnit);
            Span<byte> character = stackalloc byte[JsonEscape.LongestCharacter];
            Keep(character[.._escape.Write(character)]);
        }
    }

    private void EndString()
    {
        if (_state == State.InKey)
        {
            var container = Container;
            text?.End(isText: container is not { IsSettings: true });
            HasEscapedKey |= container is not null && _escape.IsUsed;
            _node = _length > LongestValue ? null : container?.Find(Kept);
            _state = State.Colon;
            return;
        }

        if (_skipped > 0)
        {
            text?.End(isText: true);
            _state = State.Skipping;
            return;
        }

        text?.End(IsText);
        if (_node is { Field: not (JsonField.None or JsonField.Text) } node)
        {
            sink.OnValue(node.Field, Kept, isString: true);
        }

        EndValue();
    }

    private void Open(bool isArray)
    {
        IsArray = isArray;
        if (_node is { Field: not (JsonField.None or JsonField.Text) } node)
        {
            sink.OnOpen(node.Field);
        }

        var isWanted = _node is not null && (isArray ? _node.Element is not null : _node.HasMembers);
        var isLookedInto = isWanted && _depth < Deepest;
        IsTooDeep |= isWanted && !isLookedInto;
        _grammar.Break(checks && _depth == DeepestChecked);
        if (!isLookedInto && (!checks || _depth == DeepestChecked))
        {
            _node = null;
            _skipped = 1;
            _state = State.Skipping;
            return;
        }

        if (_depth < Deepest)
        {
            _containers[_depth] = isLookedInto ? _node : null;
        }

        SetArray(isArray);
        _depth++;
        EndValue();
        _grammar.Open();
    }

    private void SetArray(bool isArray)
    {
        if (_depth >= ArrayBits)
        {
            _deeperArrays ??= new BitArray(DeepestChecked - ArrayBits);
            _deeperArrays[_depth - ArrayBits] = isArray;
        }
        else
        {
            _arrays = isArray ? _arrays | 1u << _depth : _arrays & ~(1u << _depth);
        }
    }

    private void Close(int at)
    {
        _at = at;
        if (_depth > 0)
        {
            var container = Container;
            _depth--;
            if (container is { Field: not (JsonField.None or JsonField.Text) } node)
            {
                sink.OnClose(node.Field);
            }
        }

        EndValue();
    }

    /// <summary>What comes next in the container we are in; also when it has just been opened.</summary>
    private void EndValue()
    {
        _grammar.EndValue();
        if (_depth == 0)
        {
            _state = State.Done;
            sink.OnDocument();
        }
        else if (IsInArray)
        {
            _node = Container?.Element;
            _state = State.Value;
        }
        else
        {
            _state = State.Key;
        }
    }

    [InlineArray(LongestValue)]
    private struct Value
    {
        private byte _first;
    }
}

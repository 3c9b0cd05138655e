using System.Buffers;

namespace OpenAIProxy.Usage.IncludeUsage;

/// <summary>
/// Takes the chunk with the usage, which only the gateway asked for, out of an event stream, and nothing else. A line waits only as long as it
/// may still be that chunk; <see cref="ChunkJudge"/> knows.
/// </summary>
internal sealed class ExtraChunk
{
    /// <summary>Bytes. A line of which more would have to wait passes.</summary>
    public const int MostHeld = 32 * 1024;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private byte[] _heldBytes = [];
    private State _state;
    private ChunkJudge _judge;
    private int _prefix;
    private bool _eventHasMore;

    private enum State : byte
    {
        LineStart,

        /// <summary>Behind a CR, which ends a line with or without an LF.</summary>
        AfterCr,

        /// <summary>In a line that passes.</summary>
        Passing,

        /// <summary>In <c>data:</c>. This and the next two wait.</summary>
        Prefix,

        /// <summary>Behind <c>data:</c>.</summary>
        Judging,

        /// <summary>Behind the object that is the extra chunk.</summary>
        Found,

        /// <summary>Behind the CR of the extra chunk's line.</summary>
        FoundCr,

        /// <summary>Where the empty line is that ends the extra chunk's event.</summary>
        Empty,

        /// <summary>Behind that line's CR.</summary>
        EmptyCr,
    }

    /// <summary>Bytes that wait. They belong in front of the next ones.</summary>
    public int Held { get; private set; }

    /// <summary>Puts the bytes that wait into a buffer with more room than that.</summary>
    public void Restore(Span<byte> buffer) => _heldBytes.AsSpan(0, Held).CopyTo(buffer);

    /// <summary>Nothing more comes: what waits goes on, unless it is the extra chunk without the end of its line. Returns how much it is.</summary>
    public int Release(Span<byte> buffer)
    {
        var released = _state == State.Found ? 0 : Held;
        _heldBytes.AsSpan(0, released).CopyTo(buffer);
        (Held, _state) = (0, State.Passing);
        return released;
    }

    /// <summary>Filters.</summary>
    /// <param name="bytes">The bytes that waited and the new ones behind them. What passes is moved to the front.</param>
    /// <returns>How much passes.</returns>
    public int Filter(Span<byte> bytes)
    {
        // The line that may have to go began here; -1 while none may.
        var line = Held > 0 ? 0 : -1;
        var pass = new Passage(bytes);
        for (var i = Held; i < bytes.Length;)
        {
            switch (_state)
            {
                case State.LineStart when bytes[i] is (byte)'\r' or (byte)'\n':
                    _eventHasMore = false;
                    _state = State.Passing;
                    break;
                case State.LineStart when HasChoices(bytes[i..], out var known):
                    i += known;
                    line = LetPass();
                    break;
                case State.LineStart:
                    (line, _prefix, _judge, _state) = (i, 0, default, State.Prefix);
                    break;
                case State.AfterCr:
                    _state = State.LineStart;
                    i += bytes[i] == '\n' ? 1 : 0;
                    break;
                case State.Passing:
                    i = PassLine(bytes, i);
                    break;
                case State.Prefix when bytes[i] == "data:"u8[_prefix]:
                    i++;
                    _prefix++;
                    _state = _prefix == 5 ? State.Judging : State.Prefix;
                    break;
                case State.Prefix:
                    line = LetPass();
                    break;
                case State.Judging:
                    i += _judge.Read(bytes[i..], out var verdict);
                    line = verdict is false ? LetPass() : line;
                    _state = verdict is true ? State.Found : _state;
                    break;
                case State.Found when bytes[i] is (byte)' ' or (byte)'\t':
                    i++;
                    break;
                case State.Found when bytes[i] is (byte)'\r' or (byte)'\n':
                    _state = bytes[i] == '\r' ? State.FoundCr : State.Empty;
                    i++;
                    pass.Drop(line, i);
                    line = -1;
                    break;
                case State.Found:
                    line = LetPass();
                    break;
                default:
                    i = DropEmpty(bytes[i], i, ref pass);
                    break;
            }
        }

        if (line >= 0 && bytes.Length - line > MostHeld)
        {
            line = LetPass();
        }

        Hold(line < 0 ? default : bytes[line..]);
        return pass.Finish(bytes.Length - Held);
    }

    // Nearly every line is a chunk with a choice, and lies here as a whole: one look settles it. Within a text the quotes would be escaped.
    private static bool HasChoices(ReadOnlySpan<byte> line, out int known)
    {
        known = line.StartsWith("data:"u8) ? line.IndexOf("\"choices\":[{"u8) : -1;
        return known > 0 && !line[..known].ContainsAny(LineEnds);
    }

    private static State AfterLineEnd(byte end) => end == '\r' ? State.AfterCr : State.LineStart;

    private int LetPass()
    {
        (_state, _eventHasMore) = (State.Passing, true);
        return -1;
    }

    private int PassLine(ReadOnlySpan<byte> bytes, int i)
    {
        var length = bytes[i..].IndexOfAny(LineEnds);
        if (length < 0)
        {
            return bytes.Length;
        }

        _state = AfterLineEnd(bytes[i + length]);
        return i + length + 1;
    }

    // The extra chunk's line is gone; the rest of its end goes too, and the empty line unless other lines belong to the same event.
    private int DropEmpty(byte b, int i, ref Passage pass)
    {
        var state = _state;
        _state = state == State.FoundCr ? State.Empty : State.LineStart;
        var goes = state is State.FoundCr or State.EmptyCr ? b == '\n' : b is (byte)'\r' or (byte)'\n' && !_eventHasMore;
        if (!goes)
        {
            return i;
        }

        _state = state == State.Empty && b == '\r' ? State.EmptyCr : _state;
        pass.Drop(i, i + 1);
        return i + 1;
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        Held = bytes.Length;
        if (_heldBytes.Length < Held)
        {
            _heldBytes = new byte[Math.Max(Held, 1024)];
        }

        bytes.CopyTo(_heldBytes);
    }

    /// <summary>Moves what passes to the front of a buffer.</summary>
    private ref struct Passage(Span<byte> bytes)
    {
        private readonly Span<byte> _bytes = bytes;
        private int _output;
        private int _copied;

        public void Drop(int from, int to)
        {
            Move(from);
            _copied = to;
        }

        public int Finish(int end)
        {
            Move(end);
            return _output;
        }

        private void Move(int end)
        {
            if (_copied != _output)
            {
                _bytes[_copied..end].CopyTo(_bytes[_output..]);
            }

            _output += end - _copied;
        }
    }
}

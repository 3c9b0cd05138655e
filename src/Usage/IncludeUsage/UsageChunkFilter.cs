using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.IncludeUsage;

/// <summary>
/// Takes the chunk with the usage, which only the gateway asked for, out of an event stream, and nothing else: <c>choices</c> is empty and
/// <c>usage</c> is an object. A line waits only as long as it may still be that chunk.
/// </summary>
internal sealed class UsageChunkFilter : IJsonSink, IEventSink
{
    /// <summary>Bytes. A line of which more would have to wait passes.</summary>
    public const int MostHeld = 32 * 1024;

    private static readonly JsonNode Chunk = new(JsonField.Document)
    {
        ["choices"] = new(JsonField.Choices) { Element = new(JsonField.Choice) },
        ["usage"] = new(JsonField.Usage),
    };

    private readonly JsonScanner _scanner;
    private readonly EventReader _events;
    private byte[] _heldBytes = [];

    // The line under way.
    private bool _isOther;
    private bool _isObject;
    private bool _hasNoChoices;
    private bool _hasUsage;

    // What came before it.
    private bool _isDropped;
    private bool _isBehindChunk;
    private bool _eventHasMore;

    /// <summary>A filter for one stream.</summary>
    public UsageChunkFilter()
    {
        _scanner = new JsonScanner(Chunk, this, checks: true);
        _events = new EventReader(_scanner, this);
    }

    /// <summary>Bytes that wait. They belong in front of the next ones.</summary>
    public int Held { get; private set; }

    private bool IsChunk => !_isOther && _hasNoChoices && _hasUsage && _scanner is { IsDone: true, IsValid: true, HasEscapedKey: false };

    private bool MayBeChunk => IsChunk
        || (!_isOther && _events.MayHaveDocument && (_isObject || !_scanner.IsBegun) && _scanner is { IsDone: false, IsValid: true, HasEscapedKey: false });

    /// <summary>Puts the bytes that wait into a buffer with more room than that.</summary>
    public void Restore(Span<byte> buffer) => _heldBytes.AsSpan(0, Held).CopyTo(buffer);

    /// <summary>Nothing more comes: what waits goes on, unless it is the chunk without the end of its line. Returns how much it is.</summary>
    public int Release(Span<byte> buffer)
    {
        var released = IsChunk ? 0 : Held;
        _heldBytes.AsSpan(0, released).CopyTo(buffer);
        Held = 0;
        _isOther = true;
        return released;
    }

    /// <summary>Filters.</summary>
    /// <param name="bytes">The bytes that waited and the new ones behind them. What passes is moved to the front.</param>
    /// <returns>How much passes.</returns>
    public int Filter(Span<byte> bytes)
    {
        var pass = new Passage(bytes);
        var line = 0;
        ReadOnlySpan<byte> rest = bytes[Held..];
        // Bytes that are not searched yet: what was searched once isn't searched again for each of its lines.
        var searchable = int.MaxValue;
        if (SkipPlain(ref rest, ref searchable))
        {
            line = bytes.Length - rest.Length;
        }

        while (!rest.IsEmpty && _events.ReadLine(ref rest) is var end and not EventLine.Open)
        {
            var next = bytes.Length - rest.Length;
            if (Drops(end))
            {
                pass.Drop(line, next);
            }

            line = SkipPlain(ref rest, ref searchable) ? bytes.Length - rest.Length : next;
        }

        Hold(bytes[line..]);
        return pass.Finish(bytes.Length - Held);
    }

    public void OnOpen(JsonField field)
    {
        switch (field)
        {
            case JsonField.Document:
                _isObject = true;
                _isOther |= _scanner.IsArray;
                break;
            case JsonField.Usage:
                _hasUsage = true;
                _isOther |= _scanner.IsArray;
                break;
            case JsonField.Choices:
                _isOther |= !_scanner.IsArray;
                break;
            case JsonField.Choice:
                _isOther = true;
                break;
        }
    }

    public void OnClose(JsonField field) => _hasNoChoices |= field == JsonField.Choices;

    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString) => _isOther = true;

    public void OnNull(JsonField field) => _isOther = true;

    public void OnText(int bytes)
    {
    }

    public void OnDocument()
    {
    }

    /// <summary>
    /// Nearly every line is a chunk with a choice: two searches settle it. Within a text the quotes would be escaped; within a usage object,
    /// something called choices would be another's.
    /// </summary>
    public bool TryTake(ReadOnlySpan<byte> data, out Range text)
    {
        text = default;
        var choices = data.IndexOf("\"choices\":[{"u8);
        var usage = (choices < 0 ? data : data[..choices]).IndexOf("\"usage\""u8);
        _isOther = usage < 0;
        return _isOther;
    }

    public void TakeSameShape(int bytes)
    {
    }

    public void OnEndMark()
    {
    }

    public void OnErrorEvent()
    {
    }

    // Events pass as they are up to the first one that has a usage other than null: no line of theirs can be the chunk.
    private bool SkipPlain(ref ReadOnlySpan<byte> bytes, ref int searchable)
    {
        if (bytes.Length > searchable || !_events.IsAtLine || _isBehindChunk)
        {
            return false;
        }

        var end = PlainLength(bytes);
        searchable = bytes.Length - end - 1;
        var blank = bytes[..end].LastIndexOf("\n\n"u8);
        if (blank < 0)
        {
            return false;
        }

        bytes = bytes[(blank + 2)..];
        _isDropped = false;
        _eventHasMore = false;
        return true;
    }

    private static int PlainLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (bytes[at..].IndexOf("\"usage\""u8) is >= 0 and var found)
        {
            var value = bytes[(at + found + "\"usage\"".Length)..];
            if (!value.StartsWith(":null"u8))
            {
                return at + found;
            }

            at = bytes.Length - value.Length;
        }

        return bytes.Length;
    }

    // With the chunk goes the empty line behind it, unless other lines belong to the same event.
    private bool Drops(EventLine line)
    {
        switch (line)
        {
            case EventLine.LineFeed:
                return _isDropped;
            case EventLine.Blank:
                _isDropped = _isBehindChunk && !_eventHasMore;
                _isBehindChunk = false;
                _eventHasMore = false;
                break;
            default:
                _isDropped = IsChunk;
                _isBehindChunk = _isDropped;
                _eventHasMore |= !_isDropped;
                break;
        }

        StartLine();
        return _isDropped;
    }

    private void StartLine()
    {
        _isOther = false;
        if (_scanner.IsBegun)
        {
            // A line that was not the end of a document doesn't go on in the next one: each is judged by itself.
            _scanner.Reset();
            _isObject = false;
            _hasNoChoices = false;
            _hasUsage = false;
        }
    }

    private void Hold(ReadOnlySpan<byte> line)
    {
        var isHeld = line.Length <= MostHeld && MayBeChunk;
        _isOther |= !isHeld && !line.IsEmpty;
        Held = isHeld ? line.Length : 0;
        if (_heldBytes.Length < Held)
        {
            _heldBytes = new byte[Math.Max(Held, 1024)];
        }

        line[..Held].CopyTo(_heldBytes);
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

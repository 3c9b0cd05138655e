using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Usage.Requests;

/// <summary>
/// Finds the members of a JSON request's root that matter, and the places where the wish for usage is to be put in. It is no judge: what is not
/// JSON passes, looked at up to where that shows.
/// </summary>
/// <param name="facts">What is found.</param>
/// <param name="ask">True if a stream whose client doesn't say whether it wants its usage is to be asked for it.</param>
/// <param name="countInput">True if the characters of <c>input</c> matter.</param>
/// <param name="canReplace">True if all bytes are shown at once, and those that say <c>null</c> where the wish belongs can still be taken out.</param>
/// <param name="readTools">True if the tools matter. Those of chats cost nothing, and are long.</param>
internal sealed class JsonScan(RequestFacts facts, bool ask, bool countInput, bool canReplace = false, bool readTools = false) : BodyScan
{
    /// <summary>Bytes. Keys and values that matter are shorter.</summary>
    private const int LongestValue = 160;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",]} \t\r\n"u8);

    private readonly TextMeasure _text = new();
    private readonly byte[] _captured = new byte[LongestValue];
    private int _length;
    private bool _tooLong;
    private bool _capturedEscape;
    private State _state;
    private RequestField _field;
    private int _depth;

    // The depth whose members are looked at: 1, or 2 inside stream_options and web_search_options.
    private int _level = 1;
    private bool _inSearch;
    private long _textBytes;
    private bool _optionsSeen;
    private bool _optionsHaveMembers;
    private bool _askedHere;
    private bool _isOdd;
    private bool _isUnsaid;
    private OptionsReader? _options;
    private bool _isInOptions;
    private bool _isStreamSaid;

    private enum State
    {
        Start,
        Key,
        InKey,
        Colon,
        Value,
        InText,
        Scalar,
        Nested,
        NestedText,
        After,
        Done,
        Broken,
    }

    /// <summary>True once the root object is closed.</summary>
    public bool IsDone => _state == State.Done;

    /// <summary>True while what is still to come may make that usage is asked for.</summary>
    public bool MayAsk => ask && !_isOdd && _state is not (State.Done or State.Broken) && facts.IncludeUsage is null && (facts.Stream || !_isStreamSaid);

    /// <summary>How many bytes before the place of an insertion it stands for. Bytes: those of <c>null</c>, or none.</summary>
    public int Replaced { get; private set; }

    public override int Scan(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> insert)
    {
        insert = default;
        var i = 0;
        // Where the member is that is looked into, as far as it is in this piece.
        var options = 0;
        var begins = false;
        while (i < bytes.Length)
        {
            switch (_state)
            {
                case State.InKey or State.InText or State.NestedText:
                    i += ReadString(bytes[i..]);
                    break;
                case State.Nested:
                    i += ReadNested(bytes[i..]);
                    if (_isInOptions && _state == State.After)
                    {
                        _isInOptions = false;
                        ReadOptions(bytes[options..i], begins, ends: true);
                    }

                    break;
                case State.Scalar:
                    i += ReadScalar(bytes[i..]);
                    if (_isUnsaid && (insert = ReplaceNull()) is { IsEmpty: false })
                    {
                        return i;
                    }

                    break;
                case State.Done or State.Broken:
                    return bytes.Length;
                default:
                    var b = bytes[i];
                    if (b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                    {
                        i++;
                        break;
                    }

                    if (b == '}' && _state is State.Key or State.After && (insert = InsertBeforeClose()) is { IsEmpty: false })
                    {
                        return i;
                    }

                    var at = i;
                    i += ReadStructure(b);
                    if (_state == State.Nested && (_field != RequestField.Tools || readTools) && OptionsReader.Reads(_field))
                    {
                        options = at;
                        begins = true;
                        _isInOptions = true;
                    }

                    break;
            }
        }

        if (_isInOptions)
        {
            ReadOptions(bytes[options..], begins, ends: false);
        }

        return bytes.Length;
    }

    private void ReadOptions(ReadOnlySpan<byte> piece, bool begins, bool ends)
    {
        if (begins)
        {
            if (ends && !OptionsReader.MayMatter(_field, piece))
            {
                return;
            }

            _options ??= new OptionsReader(facts);
            _options.Begin(_field);
        }

        _options!.Read(piece);
    }

    // Returns 0 if the byte is the first of a scalar, which is read as such.
    private int ReadStructure(byte b)
    {
        switch (_state, b)
        {
            case (State.Start, (byte)'{'):
                _depth = 1;
                _state = State.Key;
                return 1;
            case (State.Key, (byte)'"'):
                BeginCapture();
                _text.Begin(false);
                _state = State.InKey;
                return 1;
            case (State.Colon, (byte)':'):
                _state = State.Value;
                return 1;
            case (State.Value, (byte)'"'):
                BeginCapture();
                _text.Begin(countInput && _field == RequestField.Input);
                _state = State.InText;
                return 1;
            case (State.Value, (byte)'{') when _field == RequestField.StreamOptions:
                (_level, _depth, _state) = (2, 2, State.Key);
                (_optionsHaveMembers, _askedHere, _inSearch) = (false, false, false);
                return 1;
            case (State.Value, (byte)'{') when _field == RequestField.SearchOptions:
                (_level, _depth, _state, _inSearch) = (2, 2, State.Key, true);
                return 1;
            case (State.Value, (byte)'{' or (byte)'['):
                _depth++;
                _state = State.Nested;
                return 1;
            case (State.Value, _):
                BeginCapture();
                _state = State.Scalar;
                return 0;
            case (State.After, (byte)','):
                _state = State.Key;
                return 1;
            case (State.Key or State.After, (byte)'}') when _level == 2:
                (_level, _depth, _state) = (1, 1, State.After);
                return 1;
            case (State.Key or State.After, (byte)'}'):
                Finish(State.Done);
                return 1;
            default:
                Finish(State.Broken);
                return 1;
        }
    }

    private ReadOnlySpan<byte> InsertBeforeClose()
    {
        if (!ask || _isOdd)
        {
            return default;
        }

        if (_level == 2)
        {
            if (_inSearch || facts.IncludeUsage is not null || _askedHere)
            {
                return default;
            }

            (_askedHere, facts.AskedForUsage) = (true, true);
            return _optionsHaveMembers ? ",\"include_usage\":true"u8 : "\"include_usage\":true"u8;
        }

        if (!facts.Stream || _optionsSeen || _askedHere)
        {
            return default;
        }

        (_askedHere, facts.AskedForUsage) = (true, true);
        return ",\"stream_options\":{\"include_usage\":true}"u8;
    }

    // "stream_options":null and "include_usage":null say as little as nothing at all, and some clients write all fields they have.
    private ReadOnlySpan<byte> ReplaceNull()
    {
        _isUnsaid = false;
        if (!ask || _isOdd)
        {
            return default;
        }

        (_askedHere, facts.AskedForUsage, Replaced) = (true, true, "null"u8.Length);
        return _field == RequestField.IncludeUsage ? "true"u8 : "{\"include_usage\":true}"u8;
    }

    private int ReadString(ReadOnlySpan<byte> bytes)
    {
        if (_text.IsInEscape)
        {
            Capture(bytes[..1]);
            _text.Escape(bytes[0]);
            return 1;
        }

        var end = bytes.IndexOfAny(StringEnds);
        var piece = end < 0 ? bytes : bytes[..end];
        _text.Plain(piece);
        Capture(piece);
        if (end < 0)
        {
            return bytes.Length;
        }

        if (bytes[end] == '\\')
        {
            Capture("\\"u8);
            _capturedEscape = true;
            _text.BeginEscape();
            return end + 1;
        }

        EndString();
        return end + 1;
    }

    private void EndString()
    {
        switch (_state)
        {
            case State.NestedText:
                _textBytes += _text.End();
                _state = State.Nested;
                break;
            case State.InKey:
                EndKey();
                _state = State.Colon;
                break;
            default:
                EndText();
                _state = State.After;
                break;
        }
    }

    private void EndKey()
    {
        var key = _captured.AsSpan(0, _length);
        _isOdd |= _capturedEscape;
        _field = _tooLong ? RequestField.None : _level == 1 ? RootField(key) : _inSearch ? SearchField(key) : OptionsField(key);
        _optionsHaveMembers |= _level == 2;
        if (_field == RequestField.StreamOptions)
        {
            // What it is shows next. If it is no object, upstream may refuse or ignore it, and nothing is put beside it.
            (_optionsSeen, facts.IncludeUsage, facts.AskedForUsage) = (true, null, false);
        }
    }

    private static RequestField OptionsField(ReadOnlySpan<byte> key) => key.SequenceEqual("include_usage"u8) ? RequestField.IncludeUsage : RequestField.None;

    private static RequestField SearchField(ReadOnlySpan<byte> key)
        => key.SequenceEqual("search_context_size"u8) ? RequestField.SearchContextSize : RequestField.None;

    private static RequestField RootField(ReadOnlySpan<byte> key) => key.Length switch
    {
        1 when key[0] == 'n' => RequestField.Count,
        4 when key.SequenceEqual("size"u8) => RequestField.Size,
        5 when key.SequenceEqual("model"u8) => RequestField.Model,
        5 when key.SequenceEqual("input"u8) => RequestField.Input,
        5 when key.SequenceEqual("tools"u8) => RequestField.Tools,
        6 when key.SequenceEqual("stream"u8) => RequestField.Stream,
        7 when key.SequenceEqual("quality"u8) => RequestField.Quality,
        7 when key.SequenceEqual("seconds"u8) => RequestField.Seconds,
        10 when key.SequenceEqual("background"u8) => RequestField.Background,
        14 when key.SequenceEqual("stream_options"u8) => RequestField.StreamOptions,
        16 when key.SequenceEqual("reasoning_effort"u8) => RequestField.Effort,
        18 when key.SequenceEqual("web_search_options"u8) => RequestField.SearchOptions,
        18 when key.SequenceEqual("background_options"u8) => RequestField.BackgroundOptions,
        20 when key.SequenceEqual("prompt_cache_options"u8) => RequestField.CacheOptions,
        _ => RequestField.None,
    };

    private void EndText()
    {
        if (_field is RequestField.None or RequestField.Input)
        {
            _textBytes += _text.End();
            facts.Characters = _field == RequestField.Input && countInput ? (int)Math.Min(_text.Characters, int.MaxValue) : facts.Characters;
        }
        else if (!_tooLong)
        {
            Take(CapturedText());
        }
    }

    private void Take(string? value)
    {
        switch (_field)
        {
            case RequestField.Model:
                facts.Model = value;
                break;
            case RequestField.Size:
                facts.Size = value;
                break;
            case RequestField.Quality:
                facts.Quality = value;
                break;
            case RequestField.Seconds:
                facts.Seconds = value;
                break;
            case RequestField.SearchContextSize:
                facts.SearchContextSize = value;
                break;
            case RequestField.Effort:
                facts.Effort = value;
                break;
            case RequestField.Stream:
                (facts.Stream, _isStreamSaid) = (false, true);
                break;
            case RequestField.IncludeUsage:
                facts.IncludeUsage = false;
                break;
            default:
                break;
        }
    }

    private int ReadNested(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAny(Structure);
        if (at < 0)
        {
            return bytes.Length;
        }

        switch (bytes[at])
        {
            case (byte)'"':
                _text.Begin(false);
                _length = LongestValue;
                _state = State.NestedText;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            default:
                _depth--;
                _state = _depth == _level ? State.After : State.Nested;
                break;
        }

        return at + 1;
    }

    private int ReadScalar(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny(ScalarEnds);
        Capture(end < 0 ? bytes : bytes[..end]);
        if (end >= 0)
        {
            EndScalar();
            _state = State.After;
        }

        return end < 0 ? bytes.Length : end;
    }

    private void EndScalar()
    {
        var value = _captured.AsSpan(0, _length);
        var isTrue = value.SequenceEqual("true"u8);
        if (canReplace && _field is (RequestField.StreamOptions or RequestField.IncludeUsage) && value.SequenceEqual("null"u8))
        {
            _isUnsaid = true;
            return;
        }

        switch (_field)
        {
            case RequestField.Stream:
                (facts.Stream, _isStreamSaid) = (isTrue, true);
                break;
            case RequestField.Background:
                facts.Background = isTrue;
                break;
            case RequestField.IncludeUsage:
                facts.IncludeUsage = isTrue;
                break;
            case RequestField.Count:
                facts.Count = Utf8Parser.TryParse(value, out int count, out var used) && used == value.Length ? count : facts.Count;
                break;
            case RequestField.Seconds:
                facts.Seconds = Encoding.ASCII.GetString(value);
                break;
            default:
                break;
        }
    }

    private void BeginCapture() => (_length, _tooLong, _capturedEscape) = (0, false, false);

    private void Capture(ReadOnlySpan<byte> piece)
    {
        var taken = Math.Min(piece.Length, LongestValue - _length);
        piece[..taken].CopyTo(_captured.AsSpan(_length));
        _length += taken;
        _tooLong |= taken < piece.Length;
    }

    private string? CapturedText()
    {
        var value = _captured.AsSpan(0, _length);
        if (!_capturedEscape)
        {
            return Encoding.UTF8.GetString(value);
        }

        try
        {
            return JsonSerializer.Deserialize(string.Create(CultureInfo.InvariantCulture, $"\"{Encoding.UTF8.GetString(value)}\""), JsonText.Default.String);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Finish(State state)
    {
        facts.InputEstimate = (int)Math.Min(_textBytes / 4, int.MaxValue);
        _state = state;
    }
}

using System.Runtime.CompilerServices;

namespace OpenAIProxy.Usage.Scanning;

/// <summary>
/// Reads server-sent events that come in pieces, cut anywhere, and hands their data to a scanner. Lines end with LF, CR LF or CR and may
/// be of any length. An event is taken as ended when its JSON is, so a missing blank line does no harm.
/// </summary>
internal sealed class EventReader(JsonScanner scanner, IEventSink sink)
{
    private const int LongestHead = 16;

    private Head _head;
    private Place _place;
    private int _length;
    private int _mark;
    private bool _afterReturn;
    private EventFrame? _frame;
    private int _framed;

    private enum Place : byte
    {
        LineStart,
        Data,
        Rest,
    }

    private static ReadOnlySpan<byte> EndMark => "[DONE]"u8;

    /// <summary>True once nothing more is looked at.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Makes what follows be passed over.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>True while the line under way may have data that begin a document, or goes on with one.</summary>
    public bool MayHaveDocument => _place switch
    {
        Place.LineStart => "data:"u8.StartsWith(((ReadOnlySpan<byte>)_head)[.._length]),
        Place.Data => _mark <= 0,
        _ => false,
    };

    /// <summary>True if the next byte is the first one of a line.</summary>
    public bool IsAtLine => _place == Place.LineStart && _length == 0 && !_afterReturn;

    /// <summary>Takes the next piece of the stream.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsStopped)
        {
            if (!TakeSameShape(ref bytes))
            {
                ReadLine(ref bytes);
            }
        }
    }

    /// <summary>Takes the next bytes, to the end of a line at most.</summary>
    /// <param name="bytes">The bytes, some at least. What is left of them behind the line.</param>
    public EventLine ReadLine(ref ReadOnlySpan<byte> bytes)
    {
        if (_afterReturn)
        {
            _afterReturn = false;
            if (bytes[0] == '\n')
            {
                bytes = bytes[1..];
                return EventLine.LineFeed;
            }
        }

        if (_place == Place.LineStart && bytes[0] is not ((byte)'\n' or (byte)'\r'))
        {
            bytes = StartLine(bytes);
        }

        var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
        if (_place == Place.Data)
        {
            TakeData(end < 0 ? bytes : bytes[..end]);
        }

        if (end < 0)
        {
            bytes = default;
            return EventLine.Open;
        }

        var line = EndLine(bytes[end]);
        bytes = bytes[(end + 1)..];
        return line;
    }

    // An event like the one before, or the beginning of one.
    private bool TakeSameShape(ref ReadOnlySpan<byte> bytes)
    {
        if (_frame is null || !IsAtLine || scanner.IsBegun)
        {
            return false;
        }

        var taken = _frame.Match(bytes, _framed, out var text);
        if (taken > 0)
        {
            _framed = 0;
            bytes = bytes[taken..];
            sink.TakeSameShape(text);
            return true;
        }

        if (_frame.IsInHead(bytes, _framed))
        {
            _framed += bytes.Length;
            bytes = default;
            return true;
        }

        // Another one after all.
        var begun = _frame.Head[.._framed];
        _framed = 0;
        if (!begun.IsEmpty)
        {
            ReadLine(ref begun);
        }

        return false;
    }

    private ReadOnlySpan<byte> StartLine(ReadOnlySpan<byte> bytes)
    {
        if (_length > 0 || !bytes.StartsWith("data: "u8))
        {
            return StartLineSlowly(bytes);
        }

        var data = bytes["data: ".Length..];
        BeginData();
        if (_mark == 0)
        {
            var end = data.IndexOfAny((byte)'\n', (byte)'\r');
            if (end > 0 && sink.TryTake(data[..end], out var text))
            {
                if (!text.Equals(default))
                {
                    _frame ??= new EventFrame();
                    _frame.Learn(bytes, (text.Start.Value + "data: ".Length)..(text.End.Value + "data: ".Length));
                }

                _place = Place.Rest;
                return data[end..];
            }
        }

        return data;
    }

    // Stops in front of the line's end.
    private ReadOnlySpan<byte> StartLineSlowly(ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = _head;
        for (var i = 0; i < bytes.Length; i++)
        {
            var next = bytes[i];
            if (next is (byte)'\n' or (byte)'\r')
            {
                return bytes[i..];
            }

            if (_length == 0 && next is 0xEF or 0xBB or 0xBF)
            {
                // The byte order mark that a stream may begin with.
                continue;
            }

            head[_length++] = next;
            if (_length == 5 && head[..5].SequenceEqual("data:"u8))
            {
                BeginData();
                return bytes[(i + 1)..];
            }

            if (_length == LongestHead || (_length == 1 && next is not ((byte)'d' or (byte)'e')))
            {
                _place = Place.Rest;
                return bytes[(i + 1)..];
            }
        }

        return [];
    }

    private void BeginData()
    {
        _place = Place.Data;
        if (scanner.IsDone)
        {
            scanner.Reset();
        }

        // An event in several data lines is one document.
        _mark = scanner.IsBegun ? -1 : 0;
    }

    private void TakeData(ReadOnlySpan<byte> data)
    {
        while (_mark >= 0 && !data.IsEmpty)
        {
            if (data[0] == EndMark[_mark])
            {
                _mark++;
                data = data[1..];
                if (_mark == EndMark.Length)
                {
                    sink.OnEndMark();
                    _place = Place.Rest;
                    return;
                }
            }
            else if (_mark == 0 && data[0] == ' ')
            {
                data = data[1..];
            }
            else if (_mark > 0)
            {
                _place = Place.Rest;
                return;
            }
            else
            {
                _mark = -1;
            }
        }

        scanner.Scan(data);
    }

    private EventLine EndLine(byte end)
    {
        var line = EventLine.Field;
        if (_place == Place.LineStart)
        {
            var head = ((ReadOnlySpan<byte>)_head)[.._length];
            if (head.IsEmpty)
            {
                // The event is over, complete or not.
                line = EventLine.Blank;
                if (scanner.IsBegun)
                {
                    scanner.Reset();
                }
            }
            else if (head.SequenceEqual("event: error"u8) || head.SequenceEqual("event:error"u8))
            {
                sink.OnErrorEvent();
            }
        }

        _afterReturn = end == '\r';
        _length = 0;
        _place = Place.LineStart;
        return line;
    }

    [InlineArray(LongestHead)]
    private struct Head
    {
        private byte _first;
    }
}

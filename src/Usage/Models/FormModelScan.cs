using System.Text;

namespace OpenAIProxy.Usage.Models;

/// <summary>
/// Judges the models that a multipart form names, wherever their parts stand. A form that isn't written strictly as RFC 7578 says is a fault:
/// lenient parsers find other parts in it.
/// </summary>
internal sealed class FormModelScan : ModelScan
{
    /// <summary>Bytes of a part's headers.</summary>
    private const int LongestHead = 4096;

    /// <summary>Bytes of a model's name.</summary>
    private const int LongestName = 128;

    private readonly bool _isRequired;

    // The delimiter without the line end before it, which also the first one has not.
    private readonly byte[] _delimiter;
    private readonly byte[] _carry;
    private readonly byte[] _kept = new byte[LongestHead];
    private FormPart _part;
    private int _carried;
    private int _length;
    private State _state = State.Start;

    /// <param name="isAllowed">Judges a name.</param>
    /// <param name="boundary">The boundary of the form.</param>
    /// <param name="isRequired">True if a model must be named.</param>
    public FormModelScan(Func<string, bool> isAllowed, string boundary, bool isRequired)
        : base(isAllowed)
    {
        _isRequired = isRequired;
        _delimiter = Encoding.ASCII.GetBytes("--" + boundary);
        _carry = new byte[2 * (_delimiter.Length + 2)];
    }

    private enum State
    {
        Start,
        Delimited,
        Head,
        Name,
        Content,
        Done,
    }

    public override bool IsRequired => _isRequired;

    // Two bytes before a delimiter are looked at as well.
    private int Overlap => _delimiter.Length + 1;

    public override void Finish()
    {
        if (_state != State.Done)
        {
            Report(ModelFault.Unreadable);
        }
    }

    protected override void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && Fault == ModelFault.None)
        {
            bytes = _state == State.Content ? Pass(bytes) : Keep(bytes);
        }
    }

    // All that is short: delimiters, heads of parts, names of models.
    private ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (_length == _kept.Length)
            {
                Report(ModelFault.Unreadable);
                return default;
            }

            _kept[_length++] = bytes[i];
            if (Take(_kept.AsSpan(0, _length)))
            {
                return bytes[(i + 1)..];
            }
        }

        return default;
    }

    // True if the next byte belongs to something else.
    private bool Take(ReadOnlySpan<byte> kept)
    {
        switch (_state)
        {
            case State.Start:
                return kept.Length == _delimiter.Length && Go(kept.SequenceEqual(_delimiter) ? State.Delimited : null);
            case State.Delimited when kept.Length == 2:
                return Go(EndOfDelimiter(kept));
            case State.Head when kept is [.., (byte)'\r', (byte)'\n'] && (kept.Length == 2 || kept.EndsWith("\r\n\r\n"u8)):
                return FormPart.TryRead(kept[..^2], out _part) ? Go(_part.NamesModel ? State.Name : State.Content) : Go(null);
            case State.Name when kept.EndsWith(_delimiter):
                return EndName(kept[..^_delimiter.Length]);
            case State.Name when kept.Length > LongestName + 2 + _delimiter.Length:
                Judge("");
                return true;
            case State.Done:
                return Go(kept[^1] is (byte)'\r' or (byte)'\n' ? State.Done : null);
            default:
                return false;
        }
    }

    private State? EndOfDelimiter(ReadOnlySpan<byte> kept)
    {
        if (kept.SequenceEqual("\r\n"u8))
        {
            return State.Head;
        }

        if (!kept.SequenceEqual("--"u8))
        {
            return null;
        }

        End();
        return State.Done;
    }

    private bool EndName(ReadOnlySpan<byte> value)
    {
        if (!value.EndsWith("\r\n"u8))
        {
            return Go(null);
        }

        IsNamed |= _part.IsModel;
        Judge(Encoding.UTF8.GetString(value[..^2]));
        return Go(State.Delimited);
    }

    private bool Go(State? next)
    {
        if (next is null)
        {
            Report(ModelFault.Unreadable);
        }

        _state = next ?? _state;
        _length = 0;
        _carried = 0;
        return true;
    }

    // Searches for the delimiter, also across the cut between what was seen before and now.
    private ReadOnlySpan<byte> Pass(ReadOnlySpan<byte> bytes)
    {
        if (_carried > 0)
        {
            var before = _carried;
            var added = Math.Min(Overlap, bytes.Length);
            bytes[..added].CopyTo(_carry.AsSpan(_carried));
            var joined = _carry.AsSpan(0, before + added);
            var across = joined.IndexOf(_delimiter);
            if (across >= 0)
            {
                return EndContent(joined[..across], bytes[(across + _delimiter.Length - before)..]);
            }

            if (added == bytes.Length)
            {
                Carry(joined);
                return default;
            }
        }

        var at = bytes.IndexOf(_delimiter);
        if (at >= 0)
        {
            return EndContent(bytes[..at], bytes[(at + _delimiter.Length)..]);
        }

        Carry(bytes);
        return default;
    }

    private ReadOnlySpan<byte> EndContent(ReadOnlySpan<byte> before, ReadOnlySpan<byte> rest)
    {
        // Within a line it is no delimiter to some, and one to others.
        Go(before.EndsWith("\r\n"u8) ? State.Delimited : null);
        return rest;
    }

    private void Carry(ReadOnlySpan<byte> seen)
    {
        var kept = seen[^Math.Min(Overlap, seen.Length)..];
        kept.CopyTo(_carry);
        _carried = kept.Length;
    }
}

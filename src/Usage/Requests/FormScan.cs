using System.Globalization;
using System.Text;
using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Requests;

/// <summary>
/// Finds the small fields of a multipart form that matter, wherever they stand, before or after the file. The file's bytes are only searched
/// for the boundary.
/// </summary>
internal sealed class FormScan : BodyScan
{
    /// <summary>Bytes of a part's headers, or of a value that matters. Longer ones are passed over.</summary>
    private const int Longest = 1024;

    private readonly RequestFacts _facts;
    private readonly byte[] _delimiter;
    private readonly byte[] _carry;
    private readonly byte[] _kept = new byte[Longest];
    private int _carried;
    private int _length;
    private string _field = "";
    private State _state = State.Passing;

    private FormScan(RequestFacts facts, string boundary)
    {
        _facts = facts;
        _delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        _carry = new byte[2 * _delimiter.Length];
    }

    private enum State
    {
        Passing,
        Headers,
        Value,
        Done,
    }

    /// <summary>A scan for a body of this type; null if it names no boundary.</summary>
    /// <param name="facts">What is found.</param>
    /// <param name="contentType"><c>multipart/form-data; boundary=x</c>.</param>
    public static FormScan? For(RequestFacts facts, string contentType)
    {
        const string name = "boundary=";
        var at = contentType.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        var text = contentType.AsSpan(at + name.Length).Trim();
        var boundary = text.StartsWith('"') ? text[1..] : text;
        var end = text.StartsWith('"') ? boundary.IndexOf('"') : boundary.IndexOfAny(';', ' ');
        boundary = end < 0 ? boundary : boundary[..end];
        return boundary.Length is > 0 and <= 200 ? new FormScan(facts, boundary.ToString()) : null;
    }

    public override void Scan(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _state != State.Done)
        {
            bytes = _state == State.Passing ? Pass(bytes) : Keep(bytes);
        }
    }

    // Searches for the delimiter, also across the cut between what was seen before and now.
    private ReadOnlySpan<byte> Pass(ReadOnlySpan<byte> bytes)
    {
        var most = _delimiter.Length - 1;
        if (_carried > 0)
        {
            var before = _carried;
            var added = Math.Min(most, bytes.Length);
            bytes[..added].CopyTo(_carry.AsSpan(_carried));
            _carried += added;
            var across = _carry.AsSpan(0, _carried).IndexOf(_delimiter);
            if (across >= 0)
            {
                return BeginHeaders(bytes[(across + _delimiter.Length - before)..]);
            }

            if (added == bytes.Length)
            {
                var kept = Math.Min(most, _carried);
                _carry.AsSpan(_carried - kept, kept).CopyTo(_carry);
                _carried = kept;
                return default;
            }
        }

        var at = bytes.IndexOf(_delimiter);
        if (at >= 0)
        {
            return BeginHeaders(bytes[(at + _delimiter.Length)..]);
        }

        _carried = Math.Min(most, bytes.Length);
        bytes[^_carried..].CopyTo(_carry);
        return default;
    }

    private ReadOnlySpan<byte> BeginHeaders(ReadOnlySpan<byte> rest)
    {
        _carried = 0;
        _length = 0;
        _state = State.Headers;
        return rest;
    }

    private ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (_length == Longest)
            {
                // The delimiter may have begun in what was kept.
                _carried = Math.Min(_delimiter.Length - 1, Longest);
                _kept.AsSpan(Longest - _carried).CopyTo(_carry);
                _state = State.Passing;
                return bytes[i..];
            }

            _kept[_length++] = bytes[i];
            var kept = _kept.AsSpan(0, _length);
            if (_state == State.Headers)
            {
                if (kept is [(byte)'-', (byte)'-'])
                {
                    _state = State.Done;
                    return default;
                }

                if (kept.EndsWith("\r\n\r\n"u8))
                {
                    _field = Name(Encoding.UTF8.GetString(kept));
                    _length = 0;
                    _state = Matters(_field) ? State.Value : State.Passing;
                    return bytes[(i + 1)..];
                }
            }
            else if (kept.EndsWith(_delimiter))
            {
                var value = kept[..^_delimiter.Length];
                Take(Encoding.UTF8.GetString(value.EndsWith("\r\n"u8) ? value[..^2] : value));
                return BeginHeaders(bytes[(i + 1)..]);
            }
        }

        return default;
    }

    // Content-Disposition: form-data; name="file"; filename="a.mp3"
    private static string Name(string headers)
    {
        const string word = "name=";
        for (var at = -1; (at = headers.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            if (at == 0 || headers[at - 1] is ';' or ' ')
            {
                var text = headers.AsSpan(at + word.Length);
                var end = text.StartsWith('"') ? text[1..].IndexOf('"') + 1 : text.IndexOfAny(';', '\r');
                return (end < 0 ? text : text[..end]).Trim('"').ToString();
            }
        }

        return "";
    }

    private static bool Matters(string field) => field is "model" or "stream" or "n" or "size" or "quality" or "seconds" or "prompt" or "user";

    private void Take(string value)
    {
        switch (_field)
        {
            case "model":
                _facts.Model = value;
                break;
            case "stream":
                _facts.Stream = value.Equals("true", StringComparison.OrdinalIgnoreCase) || value == "1";
                break;
            case "n":
                _facts.Count = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : _facts.Count;
                break;
            case "size":
                _facts.Size = value;
                break;
            case "quality":
                _facts.Quality = value;
                break;
            case "seconds":
                _facts.Seconds = value;
                break;
            case "user":
                _facts.EndUser = _facts.ReadsEndUser ? _facts.EndUser ?? value : null;
                break;
            default:
                _facts.InputEstimate += Encoding.UTF8.GetByteCount(value) / 4;
                break;
        }
    }
}

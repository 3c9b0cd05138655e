using System.Globalization;
using System.Text;

namespace OpenAIProxy.Runner.Load;

/// <summary>
/// Reads HTTP/1.1 answers of server-sent events as they come from the socket, and counts the events. Knows just enough of the chunked
/// coding: the load must cost little beside what it measures.
/// </summary>
internal sealed class EventCounter
{
    private readonly byte[] _line = new byte[4096];
    private int _lineLength;
    private State _state;
    private int _left;
    private bool _afterLineEnd;

    private enum State
    {
        Status,
        Head,
        ChunkSize,
        Data,
        DataEnd,
        Trailers,
        End,
    }

    /// <summary>Events so far. The number of blank lines, to be exact.</summary>
    public long Events { get; private set; }

    /// <summary>Chunks so far. If there are as many as events, no two events were sent in one write.</summary>
    public long Chunks { get; private set; }

    /// <summary>True if an answer has come to its end.</summary>
    public bool IsComplete => _state == State.End;

    /// <summary>Makes it ready for the next answer on the same connection.</summary>
    public void ExpectAnswer() => _state = State.Status;

    /// <summary>Takes in what was received.</summary>
    /// <exception cref="InvalidOperationException">This is no answer with status 200 and a chunked body.</exception>
    public void Read(ReadOnlySpan<byte> received)
    {
        while (!received.IsEmpty)
        {
            if (_state == State.Data)
            {
                var data = received[..Math.Min(_left, received.Length)];
                Count(data);
                received = received[data.Length..];
                _left -= data.Length;
                _state = _left == 0 ? State.DataEnd : State.Data;
                continue;
            }

            var length = received.IndexOf((byte)'\n');
            var part = length < 0 ? received : received[..length];
            part.CopyTo(_line.AsSpan(_lineLength));
            _lineLength += part.Length;
            received = length < 0 ? [] : received[(length + 1)..];
            if (length >= 0)
            {
                Take(_line.AsSpan(0, _lineLength).TrimEnd((byte)'\r'));
                _lineLength = 0;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        switch (_state)
        {
            case State.Status when line.StartsWith("HTTP/1.1 200"u8):
                _state = State.Head;
                break;
            case State.Head when line.IsEmpty:
                _state = State.ChunkSize;
                break;
            case State.Head:
                break;
            case State.ChunkSize when int.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left):
                _state = _left == 0 ? State.Trailers : State.Data;
                Chunks += _left == 0 ? 0 : 1;
                break;
            case State.DataEnd when line.IsEmpty:
                _state = State.ChunkSize;
                break;
            case State.Trailers:
                _state = line.IsEmpty ? State.End : State.Trailers;
                break;
            default:
                throw new InvalidOperationException($"Not an answer of events: '{Encoding.UTF8.GetString(line)}'");
        }
    }

    private void Count(ReadOnlySpan<byte> data)
    {
        Events += data.Count("\n\n"u8) + (_afterLineEnd && data[0] == '\n' ? 1 : 0);
        _afterLineEnd = data[^1] == '\n' && !data.EndsWith("\n\n"u8);
    }
}

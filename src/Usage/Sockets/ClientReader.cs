using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>Reads what a client sends, to know what it asks for. Used by one direction, asked by the other.</summary>
internal sealed class ClientReader : IJsonSink
{
    /// <summary>More than that is not kept: the oldest is forgotten.</summary>
    private const int Most = 32;

    private readonly JsonScanner _scanner;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<PendingResponse> _asked = [];
    private volatile string _sessionModel = "";
    private EventType _event;
    private string _model = "";
    private ulong _lane;
    private long _text;
    private ResponseOptions _options;

    public ClientReader(TimeProvider time)
    {
        _time = time;
        _scanner = new JsonScanner(SocketShapes.ClientEvent, this);
    }

    /// <summary>The model that the session was started with; empty if none was named.</summary>
    public string SessionModel => _sessionModel;

    /// <summary>Takes a piece of a message.</summary>
    public void Read(ReadOnlySpan<byte> payload, bool isEnd)
    {
        _scanner.Scan(payload);
        if (isEnd)
        {
            _scanner.Reset();
        }
    }

    /// <summary>The oldest response asked for in a lane, which is taken from the list; null if none is known.</summary>
    public PendingResponse? Next(ulong lane)
    {
        lock (_lock)
        {
            var at = _asked.FindIndex(a => a.Lane == lane);
            if (at < 0 && lane == 0 && _asked.Count > 0)
            {
                at = 0;
            }

            if (at < 0)
            {
                return null;
            }

            var asked = _asked[at];
            _asked.RemoveAt(at);
            return asked;
        }
    }

    public void OnOpen(JsonField field)
    {
        if (field == JsonField.Document)
        {
            _event = EventType.Other;
            _model = "";
            _lane = 0;
            _text = 0;
            _options = default;
        }

        _options.OnOpen(field);
    }

    public void OnClose(JsonField field) => _options.OnClose(field);

    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Type:
                _event = OpenAINames.Event(value);
                break;
            case JsonField.StreamId:
                _lane = OpenAINames.Hash(value);
                break;
            case JsonField.Model when isString:
                _model = Encoding.UTF8.GetString(value);
                break;
            case JsonField.SessionModel when isString && !value.IsEmpty:
                _sessionModel = Encoding.UTF8.GetString(value);
                break;
            default:
                _options.OnValue(field, value, isString);
                break;
        }
    }

    public void OnText(int bytes) => _text += bytes;

    public void OnDocument()
    {
        if (_event != EventType.Create)
        {
            return;
        }

        lock (_lock)
        {
            if (_asked.Count == Most)
            {
                _asked.RemoveAt(0);
            }

            _asked.Add(new PendingResponse(_lane, _model, (int)Math.Clamp(_text / 4, 0, int.MaxValue), _time.GetTimestamp(), _options));
        }
    }
}

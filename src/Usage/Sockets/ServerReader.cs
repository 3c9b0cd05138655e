using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>Reads the events of a server one by one: what each says, until the next one begins.</summary>
internal sealed class ServerReader : IJsonSink
{
    private readonly JsonScanner _scanner;
    private readonly Action _onEvent;
    private UsageReading _reading;
    private bool _isInResponse;
    private EventType _inner;
    private long _text;

    public ServerReader(JsonNode shape, Action onEvent)
    {
        _scanner = new JsonScanner(shape, this);
        _onEvent = onEvent;
    }

    /// <summary>The event's type; that of the event inside, if there is one.</summary>
    public EventType Event { get; private set; }

    /// <summary>True if there is a response object in the event.</summary>
    public bool HasResponse { get; private set; }

    /// <summary>The response object in the event, if there is one.</summary>
    public ResponseReading Response { get; private set; } = new();

    /// <summary>A hash of the id of the response that the event belongs to; 0 if it says none.</summary>
    public ulong ResponseId { get; private set; }

    /// <summary>A hash of the lane that the event belongs to; 0 if it says none.</summary>
    public ulong Lane { get; private set; }

    /// <summary>Tokens; an estimate of the text in the event.</summary>
    public long Text => _text <= 0 ? 0 : Math.Max(1, (_text + 2) / 4);

    /// <summary>The event's own usage, not a response's.</summary>
    public UsageReading Usage { get; private set; }

    /// <summary>The session's model, as it was last told; empty if it never was.</summary>
    public string SessionModel { get; private set; } = "";

    /// <summary>The model that writes down what is heard, as it was last told; empty if it never was.</summary>
    public string TranscriptionModel { get; private set; } = "";

    /// <summary>Takes a piece of a message.</summary>
    public void Read(ReadOnlySpan<byte> payload, bool isEnd)
    {
        _scanner.Scan(payload);
        if (isEnd)
        {
            _scanner.Reset();
        }
    }

    /// <summary>The response object of the event; the next one goes into another.</summary>
    public ResponseReading TakeResponse()
    {
        var response = Response;
        Response = new ResponseReading();
        return response;
    }

    public void OnOpen(JsonField field)
    {
        switch (field)
        {
            case JsonField.Document:
                Event = _inner = EventType.Other;
                ResponseId = Lane = 0;
                Usage = default;
                _isInResponse = HasResponse = false;
                _text = 0;
                break;
            case JsonField.Subject:
                _isInResponse = HasResponse = true;
                Response.Reset();
                break;
            case JsonField.Usage when !_isInResponse:
                _reading = default;
                break;
            default:
                if (_isInResponse || field == JsonField.EventItem)
                {
                    Response.OnOpen(field);
                }

                break;
        }
    }

    public void OnClose(JsonField field)
    {
        if (field == JsonField.Subject)
        {
            _isInResponse = false;
        }
        else if (_isInResponse)
        {
            Response.OnClose(field);
        }
        else if (field == JsonField.Usage)
        {
            Usage = _reading;
        }
    }

    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Type:
                Event = OpenAINames.Event(value);
                break;
            case JsonField.InnerType:
                _inner = OpenAINames.Event(value);
                break;
            case JsonField.ResponseId when isString:
                ResponseId = OpenAINames.Hash(value);
                break;
            case JsonField.StreamId when isString:
                Lane = OpenAINames.Hash(value);
                break;
            case JsonField.SessionModel when isString && !value.IsEmpty:
                SessionModel = JsonMeter.Text(value, SessionModel);
                break;
            case JsonField.TranscriptionModel when isString && !value.IsEmpty:
                TranscriptionModel = JsonMeter.Text(value, TranscriptionModel);
                break;
            default:
                if (_isInResponse || field is JsonField.ItemType or JsonField.ContainerId or JsonField.ActionType)
                {
                    if (field == JsonField.Id)
                    {
                        ResponseId = OpenAINames.Hash(value);
                    }

                    Response.OnValue(field, value, isString);
                }
                else
                {
                    _reading.Take(field, value);
                }

                break;
        }
    }

    public void OnText(int bytes) => _text += bytes;

    public void OnDocument()
    {
        if (_inner != EventType.Other)
        {
            Event = _inner;
        }

        _onEvent();
    }
}

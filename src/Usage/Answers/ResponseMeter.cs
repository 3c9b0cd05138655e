using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Responses: made, polled or resumed, as one object or as a stream of events.</summary>
internal sealed class ResponseMeter(RequestFacts facts, bool isStream, BackgroundRequests? asked, string? owner)
    : JsonMeter(facts, isStream ? ResponseShape.Event : ResponseShape.Document, isStream)
{
    private readonly ResponseReading _response = new();
    private bool _hasEnded;
    private bool _isKept;

    private static ReadOnlySpan<byte> Type => "{\"type\":\"response."u8;

    private static ReadOnlySpan<byte> Delta => "\"delta\":\""u8;

    protected override bool HasFailed => _response.IsError || _response.Status == ResponseStatus.Failed;

    public override void OnOpen(JsonField field)
    {
        if (field == JsonField.Document)
        {
            base.OnOpen(field);
            if (IsStream)
            {
                return;
            }
        }

        _response.OnOpen(field);
    }

    public override void OnClose(JsonField field) => _response.OnClose(field);

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        if (field == JsonField.Type)
        {
            base.OnValue(field, value, isString);
        }
        else
        {
            _response.OnValue(field, value, isString);
        }
    }

    public override void OnText(int bytes)
    {
        if (Event != EventType.Audio)
        {
            base.OnText(bytes);
        }
    }

    public override void OnDocument()
    {
        if (Event == EventType.Audio)
        {
            // The type may come after what it is the type of.
            ForgetText();
        }

        base.OnDocument();
        Keep();
        switch (Event)
        {
            case EventType.ItemDone:
                _response.TakeItem();
                break;
            case EventType.Terminal:
                _hasEnded = true;
                End();
                break;
            case EventType.Error:
                _response.IsError = true;
                End();
                break;
        }
    }

    public override void OnErrorEvent() => _response.IsError = true;

    /// <summary>Most events of most streams are a few characters of text, and begin with their type.</summary>
    public override bool TryTake(ReadOnlySpan<byte> data, out Range text)
    {
        // Each event has a number of its own.
        text = default;
        if (!data.StartsWith(Type) || data[^1] != '}')
        {
            return false;
        }

        var rest = data[Type.Length..];
        var end = rest.IndexOf((byte)'"');
        if (end < 0 || !rest[..end].EndsWith(".delta"u8))
        {
            return false;
        }

        var isThought = rest.StartsWith("reasoning_summary"u8);
        if (rest[..end].EndsWith("audio.delta"u8))
        {
            return true;
        }

        rest = rest[end..];
        var at = rest.IndexOf(Delta);
        if (at < 0)
        {
            return false;
        }

        rest = rest[(at + Delta.Length)..];
        end = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || rest[end] != '"')
        {
            return false;
        }

        TakeText(end, isThought);
        return true;
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        if (!Facts.Background && _response.IsBackground != false && asked?.Find(owner, _response.Id) is { } options)
        {
            // Another call has asked for it.
            Facts.Background = true;
            Facts.Options = Facts.Options.Or(options);
        }

        _response.AddLines(
            lines, Facts, hasEnded: IsStream ? _hasEnded : !isCut, OutputEstimate, WholeEstimate(_response.Model, _response.Effort));
    }

    // At once, before the client knows the id and can ask for it.
    private void Keep()
    {
        if (!_isKept && asked is not null && Facts is { Background: true, Options.IsEmpty: false } && _response is { Id.Length: > 0, IsBackground: not false })
        {
            asked.Keep(owner, _response.Id, Facts.Options);
            _isKept = true;
        }
    }
}

using System.Buffers.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>Finds out whether a client's message over a WebSocket asks for a response, and how much it may be. One message after another.</summary>
internal sealed class ResponseScan : IJsonSink
{
    private const int BytesOfToken = 4;

    private static readonly JsonNode Text = new(JsonField.Text);

    private static readonly JsonNode Input = new(JsonField.Text)
    {
        Element = new()
        {
            ["content"] = new(JsonField.Text) { Element = new() { ["text"] = Text } },
            ["output"] = Text,
            ["arguments"] = Text,
        },
    };

    // Realtime has it in "response"; responses over a socket have it in the message.
    private static readonly JsonNode Message = new(JsonField.Document)
    {
        ["type"] = new(JsonField.Type),
        ["instructions"] = Text,
        ["input"] = Input,
        ["max_output_tokens"] = new(JsonField.MostOutput),
        ["response"] = new()
        {
            ["instructions"] = Text,
            ["input"] = Input,
            ["max_output_tokens"] = new(JsonField.MostOutput),
            ["max_response_output_tokens"] = new(JsonField.MostOutput),
        },
    };

    private readonly JsonScanner _scanner;
    private long _text;

    public ResponseScan() => _scanner = new JsonScanner(Message, this);

    /// <summary>True if the message that was read asks for a response.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Tokens of its texts, estimated.</summary>
    public long InputEstimate => _text / BytesOfToken;

    /// <summary>Tokens of the answer at most; null if it doesn't say.</summary>
    public long? MostOutput { get; private set; }

    /// <summary>Reads the next piece of the message.</summary>
    public void Read(ReadOnlySpan<byte> payload) => _scanner.Scan(payload);

    /// <summary>Forgets it: the next one begins.</summary>
    public void Reset()
    {
        _scanner.Reset();
        IsAsked = false;
        MostOutput = null;
        _text = 0;
    }

    public void OnOpen(JsonField field)
    {
    }

    public void OnClose(JsonField field)
    {
    }

    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        if (field == JsonField.Type)
        {
            // A member may stand there twice, and which one counts differs between servers.
            IsAsked |= OpenAINames.Event(value) == EventType.Create;
        }
        else if (field == JsonField.MostOutput && !isString && Utf8Parser.TryParse(value, out long most, out var read) && read == value.Length && most > 0)
        {
            MostOutput = Math.Max(most, MostOutput ?? 0);
        }
    }

    public void OnText(int bytes) => _text += bytes;

    public void OnDocument()
    {
    }
}

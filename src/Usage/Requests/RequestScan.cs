using System.Buffers.Text;
using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.IncludeUsage;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Requests;

/// <summary>Reads a JSON request. It is not a validator: what is not JSON passes, and is read as far as it can be.</summary>
internal sealed class RequestScan : BodyScan, IJsonSink
{
    private readonly RequestFacts _facts;
    private readonly TextMeasure _text = new();
    private readonly JsonScanner _scanner;
    private readonly UsageOption? _option;
    private readonly bool _hasEndUser;
    private bool _isSafetyIdentifier;

    /// <summary>A scan.</summary>
    /// <param name="facts">What is found.</param>
    /// <param name="ask">True if a stream whose client doesn't say whether it wants its usage is to be asked for it.</param>
    /// <param name="countInput">True if the characters of <c>input</c> matter.</param>
    /// <param name="readTools">True if the tools matter.</param>
    public RequestScan(RequestFacts facts, bool ask, bool countInput, bool readTools = false)
    {
        _facts = facts;
        // A header's wins.
        _hasEndUser = facts.EndUser is not null;
        _scanner = new JsonScanner(RequestShape.Find(countInput, readTools, facts.ReadsEndUser), this, checks: ask, _text);
        _option = ask ? new UsageOption(_scanner) : null;
    }

    /// <summary>True while the rest of the body decides whether usage is asked for, and once that is so.</summary>
    public bool MayAsk => _option is { MayAsk: true };

    /// <summary>What is to be put into the body, all of which was read, so that usage is asked for; null for nothing.</summary>
    public Splice? Splice => _option?.Splice;

    public override void Scan(ReadOnlySpan<byte> bytes) => _scanner.Scan(bytes);

    public void OnOpen(JsonField field)
    {
        _option?.OnOpen(field);
        if (field == JsonField.Stream)
        {
            _facts.Stream = false;
        }

        _facts.Options.OnOpen(field);
    }

    public void OnClose(JsonField field)
    {
        _option?.OnClose(field);
        _facts.Options.OnClose(field);
    }

    public void OnNull(JsonField field)
    {
        _option?.OnNull(field);
        switch (field)
        {
            case JsonField.Stream:
                _facts.Stream = false;
                break;
            case JsonField.Background:
                _facts.Background = false;
                break;
        }
    }

    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Model when isString:
                _facts.Model = Encoding.UTF8.GetString(value);
                break;
            case JsonField.Size when isString:
                _facts.Size = Encoding.UTF8.GetString(value);
                break;
            case JsonField.Quality when isString:
                _facts.Quality = Encoding.UTF8.GetString(value);
                break;
            case JsonField.SearchContextSize when isString:
                _facts.SearchContextSize = Encoding.UTF8.GetString(value);
                break;
            case JsonField.Effort when isString:
                _facts.Effort = Encoding.UTF8.GetString(value);
                break;
            case JsonField.Seconds:
                _facts.Seconds = Encoding.UTF8.GetString(value);
                break;
            case JsonField.Count when !isString && Utf8Parser.TryParse(value, out int count, out var used) && used == value.Length:
                _facts.Count = count;
                break;
            case JsonField.MostOutput when !isString && Utf8Parser.TryParse(value, out long most, out var read) && read == value.Length && most > 0:
                _facts.MostOutput = Math.Max(most, _facts.MostOutput ?? 0);
                break;
            case JsonField.Background when !isString:
                _facts.Background = value.SequenceEqual("true"u8);
                break;
            case JsonField.SafetyIdentifier when isString && !_hasEndUser:
                _facts.EndUser = Encoding.UTF8.GetString(value);
                _isSafetyIdentifier = true;
                break;
            case JsonField.User when isString && !_hasEndUser && !_isSafetyIdentifier:
                _facts.EndUser = Encoding.UTF8.GetString(value);
                break;
            case JsonField.Stream:
                _facts.Stream = !isString && value.SequenceEqual("true"u8);
                break;
        }

        _option?.OnValue(field, _facts.Stream);
        _facts.Options.OnValue(field, value, isString);
    }

    public void OnText(int bytes)
    {
    }

    public void OnDocument()
    {
        _facts.InputEstimate = (int)Math.Min(_text.Bytes / 4, int.MaxValue);
        _facts.Characters = (int)Math.Min(_text.Characters, int.MaxValue);
    }
}

using System.Text;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Models;

/// <summary>
/// Judges the models that a JSON document names. A member may stand there twice, and which one counts differs between parsers: each is judged.
/// What is not strictly JSON in UTF-8 is a fault, since lenient parsers read it in their own ways.
/// </summary>
internal abstract class JsonModelScan : ModelScan, IJsonSink
{
    private readonly JsonScanner _scanner;
    private ulong _imageTools;
    private ulong _toolsWithModel;
    private int _tool;

    /// <param name="isAllowed">Judges a name.</param>
    /// <param name="shape">Where models are named.</param>
    public JsonModelScan(Func<string, bool> isAllowed, JsonNode shape)
        : base(isAllowed)
        => _scanner = new JsonScanner(shape, this, checks: true);

    /// <summary>True if a model may be named for the session, and this counts as naming one.</summary>
    protected virtual bool TakesSession => false;

    // Tools may hold tools: a bit for each level.
    private ulong Tool => 1UL << _tool;

    public void OnOpen(JsonField field)
    {
        switch (field)
        {
            case JsonField.Document when _scanner.IsArray:
            case JsonField.Model or JsonField.SessionModel:
                Report(ModelFault.Unreadable);
                break;
            case JsonField.Tool when !_scanner.IsArray:
                _tool++;
                _imageTools &= ~Tool;
                _toolsWithModel &= ~Tool;
                break;
        }
    }

    public void OnClose(JsonField field)
    {
        if (field != JsonField.Tool)
        {
            return;
        }

        // The image tool has a model of its own, which the server chooses where none is named.
        if ((_imageTools & ~_toolsWithModel & Tool) != 0)
        {
            Report(ModelFault.Hidden);
        }

        _tool--;
    }

    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        Check();
        switch (field)
        {
            case JsonField.Model or JsonField.SessionModel when !isString:
                Report(ModelFault.Unreadable);
                break;
            case JsonField.Model or JsonField.SessionModel or JsonField.OtherModel or JsonField.ToolModel when isString:
                IsNamed |= field == JsonField.Model || (field == JsonField.SessionModel && TakesSession);
                _toolsWithModel |= field == JsonField.ToolModel ? Tool : 0;
                // What is longer was cut, and no list has names of that length.
                Judge(value.Length < JsonScanner.LongestValue ? Encoding.UTF8.GetString(value) : "");
                break;
            case JsonField.ToolType when value.SequenceEqual("image_generation"u8):
                _imageTools |= Tool;
                break;
            case JsonField.Type:
                OnType(value);
                break;
        }
    }

    public void OnText(int bytes)
    {
    }

    public void OnDocument()
    {
        Check();
        End();
    }

    public override void Finish()
    {
        if (!_scanner.IsDone)
        {
            Report(ModelFault.Unreadable);
        }
    }

    /// <summary>Makes ready for another document.</summary>
    public virtual void Reset()
    {
        Clear();
        _scanner.Reset();
        _tool = 0;
    }

    protected override void Read(ReadOnlySpan<byte> bytes)
    {
        _scanner.Scan(bytes);
        Check();
    }

    /// <summary>The type of the document.</summary>
    protected virtual void OnType(ReadOnlySpan<byte> type)
    {
    }

    // Before anything else is said of a text that can't be read.
    private void Check()
    {
        if (!_scanner.IsValid || _scanner.IsTooDeep)
        {
            Report(ModelFault.Unreadable);
        }
    }
}

using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>What the meters of JSON answers and of event streams have in common.</summary>
internal abstract class JsonMeter : AnswerMeter, IJsonSink, IEventSink
{
    private readonly JsonScanner _scanner;
    private readonly EventReader? _events;
    private UsageReading _reading;
    private UsageReading _usage;
    private long _estimate;
    private long _thoughts;
    private int _text;
    private int _thought;
    private int _repeated;
    private bool _isError;

    protected JsonMeter(RequestFacts facts, JsonNode shape, bool isStream)
    {
        Facts = facts;
        _scanner = new JsonScanner(shape, this);
        _events = isStream ? new EventReader(_scanner, this) : null;
    }

    public sealed override bool IsOver => _events?.IsStopped ?? _scanner.IsDone;

    public override int OutputEstimate => (int)Math.Min(_estimate + Estimate(_text + Unsaid), int.MaxValue);

    public sealed override int ThoughtEstimate => (int)Math.Min(_thoughts + Estimate(_thought + Unsaid), int.MaxValue);

    // Bytes of thoughts that came under their other name only.
    private int Unsaid => Math.Max(0, _repeated - _thought);

    protected RequestFacts Facts { get; }

    protected bool IsStream => _events is not null;

    /// <summary>The model that answered; empty as long as none is named.</summary>
    protected string Model { get; private set; } = "";

    /// <summary>The tier that answered, as it was written.</summary>
    protected string Tier { get; private set; } = "";

    /// <summary>What the event under way is, as far as it has said.</summary>
    protected EventType Event { get; private set; }

    /// <summary>What the usage objects have said so far.</summary>
    protected UsageReading Usage
    {
        get => _usage;
        set => _usage = value;
    }

    /// <summary>The usage object under way, or the last one.</summary>
    protected ref readonly UsageReading Reading => ref _reading;

    /// <summary>True once a stream has come to its end.</summary>
    protected virtual bool HasEnded => IsOver;

    /// <summary>True if a stream is whole without an end mark, as long as its body is.</summary>
    protected virtual bool IsComplete => HasFailed;

    /// <summary>True for an error inside the answer.</summary>
    protected virtual bool HasFailed => _isError;

    public sealed override void Observe(ReadOnlySpan<byte> body)
    {
        if (_events is null)
        {
            _scanner.Scan(body);
        }
        else
        {
            _events.Read(body);
        }
    }

    public sealed override AnswerUsage Finish(bool isWhole)
    {
        var isCut = IsStream ? !HasEnded && !(IsComplete && isWhole) : !_scanner.IsDone && (!isWhole || _scanner.IsBegun);
        var lines = new List<UsageLine>(1);
        AddLines(lines, isCut);
        if (lines.Count == 0)
        {
            lines.Add(Line(UsageUnit.Free, new UsageCounts()));
        }
        else if (lines[0].Once is not null)
        {
            // The call itself happened, whether or not what it tells of is counted by another one.
            lines.Insert(0, lines[0] with { Unit = UsageUnit.Free, Estimated = false, Counts = new UsageCounts(), Once = null });
        }

        return new AnswerUsage(lines, HasFailed, isCut);
    }

    public virtual void OnOpen(JsonField field)
    {
        switch (field)
        {
            case JsonField.Document:
                ForgetTexts();
                Event = EventType.Other;
                break;
            case JsonField.Usage or JsonField.SideUsage:
                _reading = default;
                break;
            case JsonField.Error:
                _isError = true;
                break;
        }
    }

    public virtual void OnClose(JsonField field)
    {
        // Servers that report in every chunk report the sum so far: the last one counts.
        if (field == JsonField.Usage)
        {
            _usage.Merge(_reading);
        }
    }

    public virtual void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Type:
                Event = OpenAINames.Event(value);
                break;
            case JsonField.Model when isString && !value.IsEmpty:
                Model = Text(value, Model);
                break;
            case JsonField.Tier when isString && !value.IsEmpty:
                Tier = Text(value, Tier);
                break;
            case JsonField.Error:
                _isError |= !value.IsEmpty && !value.SequenceEqual("false"u8);
                break;
            case >= JsonField.Input and <= JsonField.UsageSeconds:
                _reading.Take(field, value);
                break;
        }
    }

    public virtual void OnText(int bytes)
    {
        if (_scanner.IsInRepetition)
        {
            _repeated = Sum(_repeated, bytes);
            return;
        }

        _text = Sum(_text, bytes);
        if (_scanner.IsInThought)
        {
            _thought = Sum(_thought, bytes);
        }
    }

    public virtual void OnDocument()
    {
        _estimate += Estimate(_text + Unsaid);
        _thoughts += Estimate(Event == EventType.Thought ? _text : _thought + Unsaid);
        ForgetTexts();
    }

    public virtual bool TryTake(ReadOnlySpan<byte> data, out Range text)
    {
        text = default;
        return false;
    }

    public void TakeSameShape(int bytes) => TakeText(bytes);

    public virtual void OnEndMark() => End();

    public virtual void OnErrorEvent() => _isError = true;

    /// <summary>Adds what was used; nothing if it was free.</summary>
    protected abstract void AddLines(List<UsageLine> lines, bool isCut);

    /// <summary>The stream's end mark has come: nothing that follows is looked at.</summary>
    protected void End() => _events?.Stop();

    /// <summary>Counts a text that is known to be all of its event's.</summary>
    protected void TakeText(int bytes, bool isThought = false)
    {
        // An event before it that broke off doesn't count, as when this one is scanned.
        ForgetTexts();
        _estimate += Estimate(bytes);
        _thoughts += isThought ? Estimate(bytes) : 0;
    }

    /// <summary>Tokens; what passed, and what was thought out of sight.</summary>
    /// <param name="model">The model that answered; empty if none was named.</param>
    /// <param name="effort">The effort that was answered; null or empty if none was.</param>
    protected int WholeEstimate(string model, string? effort)
    {
        var asked = string.IsNullOrEmpty(effort) ? Facts.Effort : effort;
        return HiddenThoughts.Whole(model.Length > 0 ? model : Facts.Model ?? "", asked, OutputEstimate, ThoughtEstimate, Times);
    }

    /// <summary>Takes back the texts of the event under way.</summary>
    protected void ForgetText() => _text = 0;

    /// <summary>A line of this answer's model and tier.</summary>
    protected UsageLine Line(string unit, UsageCounts counts, bool isEstimated = false, string? once = null)
        => new(Model, ServiceTier.Of(Tier), unit, isEstimated, counts, once);

    /// <summary>The tokens that were told, and estimates of those that were not.</summary>
    protected UsageLine TokenLine()
    {
        var counts = _usage.Tokens(Facts.InputEstimate, WholeEstimate(Model, effort: null), out var isInferred, Facts.Options);
        return Line(UsageUnit.Tokens, counts, isInferred);
    }

    /// <summary>The string of <paramref name="value"/>: <paramref name="known"/> if it is that, as in all chunks but the first.</summary>
    internal static string Text(ReadOnlySpan<byte> value, string known)
        => Ascii.Equals(value, known) ? known : Encoding.UTF8.GetString(value);

    private void ForgetTexts()
    {
        _text = 0;
        _thought = 0;
        _repeated = 0;
    }

    // Half of what an int holds, so that two of them can be added.
    private static int Sum(int bytes, int more) => (int)Math.Clamp((long)bytes + more, 0, int.MaxValue / 2);

    /// <summary>Tokens; a text of any length is one at least.</summary>
    protected static long Estimate(int bytes) => bytes == 0 ? 0 : Math.Max(1, ((long)bytes + 2) / 4);
}

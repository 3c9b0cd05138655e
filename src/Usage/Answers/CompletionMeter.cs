using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Chat completions, legacy completions, embeddings.</summary>
internal sealed class CompletionMeter(RequestFacts facts, bool isStream, bool isEmbedding = false)
    : JsonMeter(facts, isStream ? CompletionShape.Chunk : CompletionShape.Document, isStream)
{
    private UsageReading _side;
    private bool _isList;
    private bool _hasFinished;
    private bool _isInMessage;
    private bool _tellsOutput;
    private int _message;
    private int _longestMessage;
    private int _outputAtUsage;

    private static ReadOnlySpan<byte> Content => "\"delta\":{\"content\":\""u8;

    private static ReadOnlySpan<byte> TierMember => "\"service_tier\":\""u8;

    public override int OutputEstimate => Math.Max(base.OutputEstimate, (int)Estimate(Math.Max(_message, _longestMessage)));

    /// <summary>Fireworks, older servers and proxies close the body without a word.</summary>
    protected override bool IsComplete => base.IsComplete || (_hasFinished && (Usage.HasTokens || _side.HasTokens));

    public override void OnOpen(JsonField field)
    {
        base.OnOpen(field);
        _isInMessage |= field == JsonField.RepeatedMessage;
    }

    public override void OnClose(JsonField field)
    {
        base.OnClose(field);
        switch (field)
        {
            case JsonField.RepeatedMessage:
                _isInMessage = false;
                break;
            case JsonField.Usage:
                _tellsOutput |= Reading.HasOutput;
                break;
            case JsonField.SideUsage:
                _side.Merge(Reading);
                _tellsOutput |= Reading.HasOutput;
                break;
        }
    }

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        base.OnValue(field, value, isString);
        switch (field)
        {
            case JsonField.Object:
                // Stored completions. Embeddings are a list as well, but one that was made.
                _isList = !isEmbedding && value.SequenceEqual("list"u8);
                break;
            case JsonField.FinishReason when isString && !value.IsEmpty:
                _hasFinished = true;
                break;
        }
    }

    public override void OnText(int bytes)
    {
        if (_isInMessage)
        {
            _message = (int)Math.Clamp((long)_message + bytes, 0, int.MaxValue);
        }
        else
        {
            base.OnText(bytes);
        }
    }

    public override void OnDocument()
    {
        base.OnDocument();
        _longestMessage = Math.Max(_longestMessage, _message);
        _message = 0;
        _isInMessage = false;
        if (_tellsOutput)
        {
            _outputAtUsage = OutputEstimate;
            _tellsOutput = false;
        }
    }

    /// <summary>
    /// Most events of most streams are a few characters of content in the same frame. An unescaped quote ends a string, so what is
    /// searched for here with its quotes is never found inside of one.
    /// </summary>
    public override bool TryTake(ReadOnlySpan<byte> data, out Range text)
    {
        text = default;
        if (Model.Length == 0 || data[^1] != '}')
        {
            return false;
        }

        var at = data.IndexOf(Content);
        if (at < 0)
        {
            return false;
        }

        var start = at + Content.Length;
        var rest = data[start..];
        var length = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (length < 0 || rest[length] != '"' || rest[length + 1] != '}' || !IsPlain(rest[(length + 1)..]) || !IsPlain(data[..at])
            || rest[length..].IndexOf("\"delta\""u8) >= 0 || TellsAnotherTier(data[..at]) || TellsAnotherTier(rest[length..]))
        {
            return false;
        }

        text = start..(start + length);
        TakeText(length);
        return true;
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        var usage = Merged();
        if (_isList || (HasFailed && !usage.HasTokens && OutputEstimate == 0))
        {
            return;
        }

        lines.Add(TokenLine(usage, isCut));
        if (IsSearch(Model.Length > 0 ? Model : Facts.Model ?? ""))
        {
            lines.Add(Line(UsageUnit.Search + (Facts.SearchContextSize ?? "medium"), new UsageCounts { Quantity = 1 }));
        }
    }

    // Where the usual place says it all, others are not believed.
    private UsageReading Merged()
    {
        if (Usage.HasBoth || !_side.HasTokens)
        {
            return Usage;
        }

        var merged = _side;
        merged.Merge(Usage);
        return merged;
    }

    private UsageLine TokenLine(in UsageReading usage, bool isCut)
    {
        var counts = usage.Tokens(Facts.InputEstimate, isEmbedding ? null : WholeEstimate(Model, effort: null), out var isInferred, Facts.Options);
        if (isCut && IsStream && usage.HasOutput && OutputEstimate > _outputAtUsage)
        {
            // The sum so far, and what passed since it was told.
            counts.Output += OutputEstimate - _outputAtUsage;
            isInferred = true;
        }

        return Line(UsageUnit.Tokens, counts, isInferred);
    }

    // "service_tier":"flex": it decides the price, and a stream may tell it late.
    private bool TellsAnotherTier(ReadOnlySpan<byte> frame)
    {
        var at = frame.IndexOf(TierMember);
        if (at < 0)
        {
            return false;
        }

        var value = frame[(at + TierMember.Length)..];
        return value.Length <= Tier.Length || value[Tier.Length] != '"' || !Ascii.Equals(value[..Tier.Length], Tier);
    }

    /// <summary>True if there is neither usage nor error in it, and no choice ends.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> frame)
        => IsNothing(frame, "usage\""u8) && IsNothing(frame, "finish_reason\""u8) && frame.IndexOf("error\""u8) < 0;

    /// <summary>True if the member isn't there, or once as null.</summary>
    private static bool IsNothing(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> member)
    {
        var at = frame.IndexOf(member);
        if (at < 0)
        {
            return true;
        }

        var rest = frame[(at + member.Length)..];
        return rest.StartsWith(":null"u8) && rest.IndexOf(member) < 0;
    }

    private static bool IsSearch(string model)
        => model.Contains("-search-preview", StringComparison.Ordinal) || model.StartsWith("gpt-5-search-api", StringComparison.Ordinal);
}

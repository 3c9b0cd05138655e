using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering.Answers.Scanning;
using OpenAIProxy.Gateway.Metering.Answers.Shapes;
using OpenAIProxy.Gateway.Metering.Requests;

namespace OpenAIProxy.Gateway.Metering.Answers;

/// <summary>Chat completions, legacy completions, embeddings.</summary>
internal sealed class CompletionMeter(RequestFacts facts, bool isStream, bool isEmbedding = false)
    : JsonMeter(facts, CompletionShape.Document, isStream)
{
    private bool _isList;

    private static ReadOnlySpan<byte> Content => "\"delta\":{\"content\":\""u8;

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        base.OnValue(field, value, isString);
        if (field == JsonField.Object)
        {
            // Stored completions. Embeddings are a list as well, but one that was made.
            _isList = !isEmbedding && value.SequenceEqual("list"u8);
        }
    }

    /// <summary>
    /// Most events of most streams are a few characters of content in the same frame. An unescaped quote ends a string, so what is
    /// searched for here with its quotes is never found inside of one.
    /// </summary>
    public override bool TryTake(ReadOnlySpan<byte> data)
    {
        if (Model.Length == 0 || data[^1] != '}')
        {
            return false;
        }

        var at = data.IndexOf(Content);
        if (at < 0)
        {
            return false;
        }

        var text = data[(at + Content.Length)..];
        var length = text.IndexOfAny((byte)'"', (byte)'\\');
        if (length < 0 || text[length] != '"' || text[length + 1] != '}' || !IsPlain(text[(length + 1)..]) || !IsPlain(data[..at]))
        {
            return false;
        }

        TakeText(length);
        return true;
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        if (_isList || (HasFailed && !Usage.HasTokens && OutputEstimate == 0))
        {
            return;
        }

        lines.Add(TokenLine());
        if (IsSearch(Model.Length > 0 ? Model : Facts.Model ?? ""))
        {
            lines.Add(Line(UsageUnit.Search + (Facts.SearchContextSize ?? "medium"), new UsageCounts { Quantity = 1 }));
        }
    }

    /// <summary>True if there is neither usage nor error in it.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> frame)
    {
        var at = frame.IndexOf("usage\""u8);
        if (at >= 0)
        {
            var rest = frame[(at + 6)..];
            if (!rest.StartsWith(":null"u8) || rest.IndexOf("usage\""u8) >= 0)
            {
                return false;
            }
        }

        return frame.IndexOf("error\""u8) < 0;
    }

    private static bool IsSearch(string model)
        => model.Contains("-search-preview", StringComparison.Ordinal) || model.StartsWith("gpt-5-search-api", StringComparison.Ordinal);
}

using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering.Answers.Scanning;

namespace OpenAIProxy.Gateway.Metering.Answers;

/// <summary>What the image tool of a response used, all of its calls together: <c>tool_usage.image_gen</c>.</summary>
internal struct ImageToolUsage
{
    private UsageReading _usage;
    private long? _textOutput;
    private bool _hasImageOutput;

    /// <summary>True if anything was used. The object is there with zeros where no image was made.</summary>
    public readonly bool IsUsed => _usage.HasTokens && _usage.Tokens() is { Input: > 0 } or { Output: > 0 };

    /// <summary>Takes a member.</summary>
    public void Take(JsonField field, ReadOnlySpan<byte> value)
    {
        if (field == JsonField.TextOutput)
        {
            _textOutput = Numbers.Count(value) is >= 0 and var text ? text : _textOutput;
            return;
        }

        _hasImageOutput |= field == JsonField.ImageOutput;
        _usage.Take(field, value);
    }

    /// <summary>The tokens. Output of which nothing says what it is, is images: that is what the tool makes.</summary>
    public readonly UsageCounts Tokens()
    {
        var counts = _usage.Tokens();
        if (!_hasImageOutput)
        {
            counts.ImageOutput = Math.Max(0, counts.Output - (_textOutput ?? 0));
        }

        return counts;
    }
}

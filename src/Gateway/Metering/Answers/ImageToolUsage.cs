using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering.Answers.Scanning;

namespace OpenAIProxy.Gateway.Metering.Answers;

/// <summary>What the image tool of a response used, all of its calls together: <c>tool_usage.image_gen</c>.</summary>
internal struct ImageToolUsage
{
    private UsageReading _usage;

    /// <summary>True if anything was used. The object is there with zeros where no image was made.</summary>
    public readonly bool IsUsed => _usage.HasTokens && _usage.Tokens(out _) is { Input: > 0 } or { Output: > 0 };

    /// <summary>Takes a member.</summary>
    public void Take(JsonField field, ReadOnlySpan<byte> value) => _usage.Take(field, value);

    /// <summary>The tokens. Output of which nothing says what it is, is images: that is what the tool makes.</summary>
    /// <param name="isInferred">True if not all of it was told so.</param>
    public readonly UsageCounts Tokens(out bool isInferred)
    {
        var counts = _usage.Tokens(out isInferred);
        if (!_usage.IsTold(JsonField.ImageOutput))
        {
            counts.ImageOutput = Math.Max(0, counts.Output - _usage.Value(JsonField.TextOutput));
        }

        return counts;
    }
}

using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering.Answers.Scanning;

namespace OpenAIProxy.Gateway.Metering.Answers;

/// <summary>What the image tool of a response used, all of its calls together: <c>tool_usage.image_gen</c>.</summary>
internal struct ImageToolUsage
{
    private int _input;
    private int _imageInput;
    private int _cachedInput;
    private int _cachedImageInput;
    private int _output;
    private int _imageOutput;
    private int _textOutput;
    private bool _hasImageOutput;

    /// <summary>True if anything was used. The object is there with zeros where no image was made.</summary>
    public readonly bool IsUsed => _input > 0 || _output > 0;

    /// <summary>Takes a member. What isn't a number that can be, is left out.</summary>
    public void Take(JsonField field, ReadOnlySpan<byte> value)
    {
        if (Numbers.Count(value) is not (>= 0 and var number))
        {
            return;
        }

        var count = (int)number;
        switch (field)
        {
            case JsonField.Input:
                _input = count;
                break;
            case JsonField.ImageInput:
                _imageInput = count;
                break;
            case JsonField.CachedInput:
                _cachedInput = count;
                break;
            case JsonField.CachedImageInput:
                _cachedImageInput = count;
                break;
            case JsonField.Output:
                _output = count;
                break;
            case JsonField.ImageOutput:
                _imageOutput = count;
                _hasImageOutput = true;
                break;
            case JsonField.TextOutput:
                _textOutput = count;
                break;
        }
    }

    /// <summary>
    /// The tokens; a part is never more than what it is a part of. Output of which nothing says what it is, is images: that is what the tool
    /// makes.
    /// </summary>
    public readonly UsageCounts Tokens() => new()
    {
        Input = _input,
        CachedInput = Math.Min(_cachedInput, _input),
        ImageInput = Math.Min(_imageInput, _input),
        CachedImageInput = Math.Min(_cachedImageInput, Math.Min(_imageInput, _cachedInput)),
        Output = _output,
        ImageOutput = _hasImageOutput ? Math.Min(_imageOutput, _output) : Math.Max(0, _output - _textOutput),
    };
}

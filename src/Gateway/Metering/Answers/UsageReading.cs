using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering.Answers.Scanning;

namespace OpenAIProxy.Gateway.Metering.Answers;

/// <summary>A usage object while it is read, and after.</summary>
internal struct UsageReading
{
    private long _input;
    private long _cachedInput;
    private long _cacheWrite;
    private long _audioInput;
    private long _cachedAudioInput;
    private long _imageInput;
    private long _cachedImageInput;
    private long _output;
    private long _reasoningOutput;
    private long _audioOutput;
    private long _imageOutput;
    private long _milliseconds;

    /// <summary>True if it says how many tokens.</summary>
    public bool HasTokens { get; private set; }

    /// <summary>True if it says how long.</summary>
    public bool HasTime { get; private set; }

    /// <summary>True if it says anything.</summary>
    public readonly bool IsRead => HasTokens || HasTime;

    /// <summary>Thousandths of a second.</summary>
    public readonly long Milliseconds => _milliseconds;

    /// <summary>Takes a member. What isn't a number that can be, is left out.</summary>
    public void Take(JsonField field, ReadOnlySpan<byte> value)
    {
        if (field == JsonField.UsageSeconds)
        {
            if (Numbers.Milliseconds(value) is >= 0 and var time)
            {
                _milliseconds = time;
                HasTime = true;
            }

            return;
        }

        if (Numbers.Count(value) is not (>= 0 and var count))
        {
            return;
        }

        switch (field)
        {
            case JsonField.Input:
                _input = count;
                HasTokens = true;
                break;
            case JsonField.Output:
                _output = count;
                HasTokens = true;
                break;
            case JsonField.CachedInput:
                _cachedInput = count;
                break;
            case JsonField.CacheWrite:
                _cacheWrite = count;
                break;
            case JsonField.AudioInput:
                _audioInput = count;
                break;
            case JsonField.CachedAudioInput:
                _cachedAudioInput = count;
                break;
            case JsonField.ImageInput:
                _imageInput = count;
                break;
            case JsonField.CachedImageInput:
                _cachedImageInput = count;
                break;
            case JsonField.ReasoningOutput:
                _reasoningOutput = count;
                break;
            case JsonField.AudioOutput:
                _audioOutput = count;
                break;
            case JsonField.ImageOutput:
                _imageOutput = count;
                break;
        }
    }

    /// <summary>The tokens. A part is never more than what it is a part of, whatever the answer says: prices would come out negative.</summary>
    public readonly UsageCounts Tokens() => new()
    {
        Input = _input,
        CachedInput = Math.Min(_cachedInput, _input),
        CacheWrite = Math.Min(_cacheWrite, _input - Math.Min(_cachedInput, _input)),
        AudioInput = Math.Min(_audioInput, _input),
        CachedAudioInput = Math.Min(_cachedAudioInput, Math.Min(_audioInput, _cachedInput)),
        ImageInput = Math.Min(_imageInput, _input),
        CachedImageInput = Math.Min(_cachedImageInput, Math.Min(_imageInput, _cachedInput)),
        Output = _output,
        ReasoningOutput = Math.Min(_reasoningOutput, _output),
        AudioOutput = Math.Min(_audioOutput, _output),
        ImageOutput = Math.Min(_imageOutput, _output),
    };
}

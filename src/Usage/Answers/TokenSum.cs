using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>
/// The tokens that a usage object stands for, in OpenAI's sense: cached, audio and image input inside the input, reasoning inside the output.
/// Compatible servers leave halves out, count some parts beside the whole, or contradict themselves; the total is what shows it.
/// </summary>
internal ref struct TokenSum
{
    private readonly ref readonly UsageReading _told;
    private readonly bool _hasOutput;
    private long _input;
    private long _output;

    /// <summary>Adds it up.</summary>
    /// <param name="told">What was told.</param>
    /// <param name="inputEstimate">Tokens.</param>
    /// <param name="outputEstimate">Tokens; null where there is no output.</param>
    public TokenSum(in UsageReading told, long inputEstimate, long? outputEstimate)
    {
        _told = ref told;
        _hasOutput = outputEstimate is not null;
        AddUp(inputEstimate, outputEstimate ?? 0);
        Counts = Count();
    }

    /// <summary>The tokens. A part is never more than what it is a part of: prices would come out negative.</summary>
    public UsageCounts Counts { get; }

    /// <summary>True if not all of it was told so.</summary>
    public bool IsInferred { get; private set; }

    private readonly long Total => _told.Value(JsonField.Total);

    private void AddUp(long inputEstimate, long outputEstimate)
    {
        var hasInput = _told.IsTold(JsonField.Input) || _told.IsTold(JsonField.CacheMiss);
        var hasOutput = _told.IsTold(JsonField.Output) || !_hasOutput;
        _input = _told.Value(JsonField.Input);
        if (_input == 0)
        {
            // DeepSeek's older answers; llama.cpp's timings.
            _input = _told.IsTold(JsonField.CacheMiss) ? _told.Value(JsonField.CacheMiss) + (long)_told.Value(JsonField.CachedInput) : 0;
        }

        _output = _told.Value(JsonField.Output);
        if (hasInput && hasOutput)
        {
            FillGap();
        }
        else if (Total > 0)
        {
            Split(hasInput, hasOutput, outputEstimate);
        }
        else
        {
            IsInferred = true;
        }

        // What was asked and answered in words is more than nothing, whatever was told.
        if (_input == 0 && inputEstimate > 0 && (!hasInput || !_hasOutput || outputEstimate > 0 || _output > 0))
        {
            _input = inputEstimate;
            IsInferred = true;
        }

        if (_output == 0 && outputEstimate > 0)
        {
            _output = outputEstimate;
            IsInferred = true;
        }
    }

    // The total and one half, or the total alone, as of some embeddings.
    private void Split(bool hasInput, bool hasOutput, long outputEstimate)
    {
        if (hasInput)
        {
            IsInferred = Total != _input;
            _output = Math.Max(0, Total - _input);
            return;
        }

        if (hasOutput && _hasOutput)
        {
            TakeOutside(JsonField.ReasoningOutput, ref _output);
            IsInferred = true;
        }
        else
        {
            _output = Math.Min(outputEstimate, Total);
            IsInferred |= _output > 0;
        }

        _input = Math.Max(0, Total - _output);
    }

    /// <summary>
    /// What the total has more than its halves is a part that some servers count beside the whole: reasoning (xAI), audio (Mistral). If no
    /// part is as large as the gap, it is output (Gemini's thoughts are told in the total only).
    /// </summary>
    private void FillGap()
    {
        if (Total == 0)
        {
            // A part that is more than its whole is beside it.
            TakeOutside(JsonField.ReasoningOutput, ref _output);
            TakeOutside(JsonField.AudioInput, ref _input);
            return;
        }

        var gap = Total - _input - _output;
        if (gap == 0)
        {
            return;
        }

        Span<long> parts =
        [
            _told.Value(JsonField.ReasoningOutput), _told.Value(JsonField.AudioOutput),
            _told.Value(JsonField.AudioInput), _told.Value(JsonField.ImageInput), CachedBeside(),
        ];
        for (var chosen = 1; gap > 0 && chosen < 1 << parts.Length; chosen++)
        {
            var (input, output) = (0L, 0L);
            for (var i = 0; i < parts.Length; i++)
            {
                var part = (chosen >> i & 1) != 0 ? parts[i] : 0;
                (input, output) = i < 2 ? (input, output + part) : (input + part, output);
            }

            if (input + output == gap)
            {
                _input += input;
                _output += output;
                return;
            }
        }

        IsInferred = true;
        if (gap > 0 && _hasOutput)
        {
            _output += gap;
        }
        else if (gap > 0)
        {
            _input += gap;
        }
    }

    // Anthropic's way, which some servers keep under OpenAI's names.
    private readonly long CachedBeside()
    {
        var cached = (long)_told.Value(JsonField.CachedInput) + _told.Value(JsonField.CacheWrite);
        return cached > _input ? cached : 0;
    }

    private void TakeOutside(JsonField part, ref long whole)
    {
        if (_told.Value(part) > whole)
        {
            whole += _told.Value(part);
            IsInferred = true;
        }
    }

    private UsageCounts Count()
    {
        var cached = Part(JsonField.CachedInput, _input);
        var audio = Part(JsonField.AudioInput, _input);
        var image = Part(JsonField.ImageInput, _input - audio);
        return new UsageCounts
        {
            Input = _input,
            CachedInput = cached,
            CacheWrite = Part(JsonField.CacheWrite, _input - cached),
            AudioInput = audio,
            CachedAudioInput = Part(JsonField.CachedAudioInput, Math.Min(audio, cached)),
            ImageInput = image,
            CachedImageInput = Part(JsonField.CachedImageInput, Math.Min(image, cached)),
            Output = _output,
            ReasoningOutput = Part(JsonField.ReasoningOutput, _output),
            AudioOutput = Part(JsonField.AudioOutput, _output),
            ImageOutput = Part(JsonField.ImageOutput, _output),
        };
    }

    private long Part(JsonField part, long most)
    {
        IsInferred |= _told.Value(part) > most;
        return Math.Min(_told.Value(part), most);
    }
}

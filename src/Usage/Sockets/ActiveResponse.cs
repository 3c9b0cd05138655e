using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>A response that has begun and not ended.</summary>
/// <param name="Id">A hash of its id; 0 if it has none.</param>
/// <param name="Lane">A hash of its lane's name; 0 if it has none.</param>
/// <param name="Reading">What is known of it.</param>
/// <param name="Input">Tokens; an estimate of the input.</param>
/// <param name="At">When it was asked for, as a timestamp of the clock.</param>
/// <param name="Options">What its request says of its charge.</param>
internal sealed record ActiveResponse(ulong Id, ulong Lane, ResponseReading Reading, int Input, long At, ResponseOptions Options)
{
    /// <summary>Tokens; what passed of its output.</summary>
    public long Output { get; private set; }

    // Of the output; summaries only.
    private long Thoughts { get; set; }

    private int FirstWord { get; set; } = -1;

    /// <summary>Takes a text of its output.</summary>
    /// <param name="tokens">An estimate of its length.</param>
    /// <param name="isThought">True for a summary of what was thought.</param>
    /// <param name="time">The clock.</param>
    public void Take(long tokens, bool isThought, TimeProvider time)
    {
        Output += tokens;
        if (isThought)
        {
            Thoughts += tokens;
        }
        else if (FirstWord < 0 && tokens > 0)
        {
            FirstWord = Elapsed(time);
        }
    }

    /// <summary>Tokens; what passed of its output, and what was thought out of sight.</summary>
    /// <param name="reading">What is known of it at its end.</param>
    /// <param name="time">The clock.</param>
    public int WholeEstimate(ResponseReading reading, TimeProvider time) => HiddenThoughts.Whole(
        reading.Model, reading.Effort.Length > 0 ? reading.Effort : null, Output, Thoughts, new AnswerTimes(FirstWord, Elapsed(time)));

    private int Elapsed(TimeProvider time) => (int)Math.Clamp(time.GetElapsedTime(At).TotalMilliseconds, 0, int.MaxValue);
}

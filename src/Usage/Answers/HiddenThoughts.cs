namespace OpenAIProxy.Usage.Answers;

/// <summary>
/// Estimates the tokens that a model thought and never showed, for answers that end without usage. Thinking and speaking go at one pace, so
/// what was spoken per second tells what was thought before. Where all came at once there is no pace, and the effort is what is left.
/// </summary>
internal static class HiddenThoughts
{
    /// <summary>Tokens per second where an answer shows none of its own: about what OpenAI's thinking models write.</summary>
    private const double UsualPace = 80;

    private const double SlowestPace = 20;
    private const double FastestPace = 300;

    /// <summary>Tokens per second. What comes faster was kept back on its way.</summary>
    private const double Burst = 1000;

    /// <summary>Tokens. Fewer show no pace.</summary>
    private const long FewestForPace = 20;

    /// <summary>Milliseconds until the first word of a model that doesn't think.</summary>
    private const int Start = 1000;

    // Others show all they think, or don't think.
    private static bool IsHiddenBy(string model)
    {
        var name = BaseOf(model);
        if (name.StartsWith("gpt-", StringComparison.Ordinal))
        {
            return name.Length > 4 && name[4] is >= '5' and <= '9' && name.IndexOf("chat", StringComparison.Ordinal) < 0;
        }

        if (name.StartsWith("codex-", StringComparison.Ordinal))
        {
            return true;
        }

        // o1, o3-mini, o4-mini-2025-04-16
        return name.Length >= 2 && name[0] == 'o' && char.IsAsciiDigit(name[1]) && (name.Length == 2 || name[2] == '-');
    }

    // openai/o4-mini, ft:o4-mini-2025-04-16:org:suffix:id
    private static ReadOnlySpan<char> BaseOf(string model)
    {
        const string fineTuned = "ft:";
        var name = model.AsSpan();
        if (name.StartsWith(fineTuned, StringComparison.OrdinalIgnoreCase))
        {
            name = name[fineTuned.Length..];
            name = name.IndexOf(':') is >= 0 and var end ? name[..end] : name;
        }

        return name[(name.LastIndexOf('/') + 1)..];
    }

    /// <summary>Tokens of all output: what passed, and what a model of that name thought out of sight.</summary>
    /// <param name="model">Who answered.</param>
    /// <param name="effort">The effort asked for or answered with; null if it is not known.</param>
    /// <param name="passed">Tokens that passed, summaries of thoughts among them.</param>
    /// <param name="summaries">Tokens of those.</param>
    /// <param name="times">When.</param>
    public static int Whole(string model, string? effort, long passed, long summaries, AnswerTimes times)
    {
        if (IsHiddenBy(model))
        {
            var spoken = Math.Max(0, passed - summaries);
            passed = spoken + Math.Max(Estimate(effort, spoken, times), summaries);
        }

        return (int)Math.Min(passed, int.MaxValue);
    }

    private static long Estimate(string? effort, long spoken, AnswerTimes times)
    {
        if (effort == "none" || (spoken > 0 && times.FirstWord < 0))
        {
            // It didn't think, or nobody looked at the clock.
            return 0;
        }

        var speaking = times.FirstWord < 0 ? 0 : Math.Max(0, times.End - times.FirstWord) / 1000.0;
        var thinking = Math.Max(0, (times.FirstWord < 0 ? times.End : times.FirstWord) - Start) / 1000.0;
        if (spoken > Burst * speaking)
        {
            // Said in the same time as it was thought.
            return (long)Math.Max((thinking * UsualPace) - spoken, spoken * ThoughtsPerWord(effort));
        }

        var pace = spoken >= FewestForPace ? Math.Clamp(spoken / speaking, SlowestPace, FastestPace) : UsualPace;
        return (long)(thinking * pace);
    }

    // Of recorded answers of all efforts, half thought more than 2.6 tokens for each they said. How it grows with the effort is a guess.
    private static double ThoughtsPerWord(string? effort) => effort switch
    {
        "minimal" => 0.3,
        "low" => 1,
        "high" => 5,
        "xhigh" or "max" => 8,
        _ => 2.6,
    };
}

using System.Globalization;
using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Tests.Answers;

/// <summary>Usage in words, so that a case says in one line what is expected, and a failure what came instead.</summary>
internal static class Told
{
    /// <summary><c>gpt-5 default tokens in=20 cached=16 out=50</c>, a line each, with <c>error</c> and <c>cut</c> at the end.</summary>
    public static string Of(AnswerUsage usage)
    {
        var lines = usage.Lines.Select(l => string.Join(' ', Parts(l))).ToList();
        return string.Join('\n', lines) + (usage.IsError ? " error" : "") + (usage.IsCut ? " cut" : "");
    }

    private static IEnumerable<string> Parts(UsageLine line)
    {
        yield return line.Model.Length == 0 ? "-" : line.Model;
        yield return line.Tier;
        yield return line.Unit;
        var counts = line.Counts;
        foreach (var (name, count) in new[]
        {
            ("in", counts.Input), ("cached", counts.CachedInput), ("written", counts.CacheWrite), ("written12h", counts.CacheWrite12h),
            ("audio", counts.AudioInput),
            ("cachedaudio", counts.CachedAudioInput), ("image", counts.ImageInput), ("cachedimage", counts.CachedImageInput),
            ("out", counts.Output), ("reasoning", counts.ReasoningOutput), ("audioout", counts.AudioOutput),
            ("imageout", counts.ImageOutput), ("quantity", counts.Quantity),
        })
        {
            if (count != 0)
            {
                yield return name + '=' + count.ToString(CultureInfo.InvariantCulture);
            }
        }

        if (line.Estimated)
        {
            yield return "estimated";
        }

        if (line.Once is not null)
        {
            yield return $"once({line.Once})";
        }
    }
}

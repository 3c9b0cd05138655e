using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Tests.Answers;

/// <summary>Answers given to a meter in every way that a network could cut them.</summary>
internal static class Cut
{
    public const string Json = "application/json";
    public const string Events = "text/event-stream; charset=utf-8";

    /// <summary>
    /// Asserts that the answer is told as <paramref name="expected"/>: in one piece, in two cut anywhere, and byte by byte. A stream is
    /// tried with each line end, too.
    /// </summary>
    public static void Anywhere(
        MeterKind kind, string contentType, string answer, string expected, RequestFacts? facts = null, bool isWhole = true)
    {
        answer = answer.ReplaceLineEndings("\n");
        var forms = contentType == Events
            ?
            [
                answer,
                answer.ReplaceLineEndings("\r\n"),
                answer.Replace('\n', '\r'),
                "\uFEFF" + answer,
                answer.Replace("data: ", "data:"),
            ]
            : new[] { answer };
        foreach (var form in forms)
        {
            var bytes = Encoding.UTF8.GetBytes(form);
            AnswerMeter Meter() => AnswerMeters.Create(kind, facts ?? new RequestFacts(), 200, contentType);
            Assert.Equal(expected, Tell(Meter(), isWhole, bytes));
            for (var at = 1; at < bytes.Length; at++)
            {
                var meter = Meter();
                meter.Observe(bytes.AsSpan(0, at));
                meter.Observe(bytes.AsSpan(at));
                if (Told.Of(meter.Finish(isWhole)) is var told && told != expected)
                {
                    Assert.Fail($"Cut at {at}, after {Encoding.UTF8.GetString(bytes[Math.Max(0, at - 20)..at])}: {told}");
                }
            }

            Assert.Equal(expected, Tell(Meter(), isWhole, [.. bytes.Select(b => new[] { b })]));
        }
    }

    /// <summary>The bytes in one piece, byte by byte, and in two pieces cut anywhere.</summary>
    public static IEnumerable<byte[][]> Ways(byte[] bytes)
    {
        yield return [bytes];
        yield return [.. bytes.Select(b => new[] { b })];
        for (var at = 1; at < bytes.Length; at++)
        {
            yield return [bytes[..at], bytes[at..]];
        }
    }

    public static string Tell(AnswerMeter meter, bool isWhole, params byte[][] pieces)
    {
        foreach (var piece in pieces)
        {
            meter.Observe(piece);
        }

        return Told.Of(meter.Finish(isWhole));
    }
}

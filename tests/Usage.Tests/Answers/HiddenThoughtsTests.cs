using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Tests.Answers;

/// <summary>What is estimated of the thoughts that a model doesn't show, where its usage was never told.</summary>
public sealed class HiddenThoughtsTests
{
    [Theory]
    // Thinking and speaking at one pace: 100 tokens said in 1 s, after 10 s of thought.
    [InlineData("gpt-5", null, 100, 0, 11_000, 12_000, 1100)]
    [InlineData("openai/o3-mini-2025-01-31", null, 100, 0, 11_000, 12_000, 1100)]
    [InlineData("codex-mini-latest", null, 100, 0, 11_000, 12_000, 1100)]
    [InlineData("ft:o4-mini-2025-04-16:acme::x", null, 100, 0, 11_000, 12_000, 1100)]
    // A second is what any model takes.
    [InlineData("gpt-6.1-sol", null, 100, 0, 900, 1_900, 100)]
    [InlineData("gpt-5", "none", 100, 0, 11_000, 12_000, 100)]
    // Too few words for a pace, or none: the usual one.
    [InlineData("gpt-5", null, 5, 0, 11_000, 12_000, 805)]
    [InlineData("gpt-5", null, 0, 0, -1, 11_000, 800)]
    // A stall of the stream is no pace, nor is a burst.
    [InlineData("gpt-5", null, 100, 0, 11_000, 611_000, 300)]
    [InlineData("gpt-5", null, 100, 0, 11_000, 11_010, 800)]
    // All at once and at once: what the effort says.
    [InlineData("gpt-5", null, 100, 0, 5, 5, 360)]
    [InlineData("gpt-5", "low", 100, 0, 5, 5, 200)]
    [InlineData("gpt-5", "high", 100, 0, 5, 5, 600)]
    // Never less than the summary that passed, and never both.
    [InlineData("gpt-5", null, 150, 50, 1_000, 2_000, 150)]
    [InlineData("gpt-5", null, 150, 50, 11_000, 12_000, 1100)]
    // Others show what they think, or don't think.
    [InlineData("gpt-4o", null, 100, 0, 11_000, 12_000, 100)]
    [InlineData("ft:gpt-4.1-2025-04-14:acme:o1-:x", null, 100, 0, 11_000, 12_000, 100)]
    [InlineData("gpt-5-chat-latest", null, 100, 0, 11_000, 12_000, 100)]
    [InlineData("gpt-oss-120b", "high", 100, 60, 11_000, 12_000, 100)]
    [InlineData("deepseek-reasoner", null, 100, 60, 11_000, 12_000, 100)]
    [InlineData("omni-moderation-latest", null, 100, 0, 11_000, 12_000, 100)]
    [InlineData("", null, 100, 0, 11_000, 12_000, 100)]
    public void Estimate_GoesByTimeThenEffort(string model, string? effort, int passed, int summaries, int firstWord, int end, int expected)
        => Assert.Equal(expected, HiddenThoughts.Whole(model, effort, passed, summaries, new AnswerTimes(firstWord, end)));

    /// <summary>The arithmetic is right where the model is: one pace, and a start of up to two seconds.</summary>
    [Fact]
    public void Estimate_OfStreamsOfOnePace_IsNearTheTruth()
    {
        var random = new Random(20260101);
        for (var i = 0; i < 1000; i++)
        {
            var pace = 30 + (170 * random.NextDouble());
            var (thought, spoken) = (random.Next(200, 20_000), random.Next(50, 2000));
            var start = 2000 * random.NextDouble();
            var firstWord = start + (thought / pace * 1000);
            var end = firstWord + (spoken / pace * 1000);

            var estimate = HiddenThoughts.Whole("gpt-5", null, spoken, 0, new AnswerTimes((int)firstWord, (int)end));

            Assert.InRange(estimate, spoken + thought - pace - 10, spoken + thought + pace + 10);
        }
    }

    [Theory]
    [InlineData("""data: {"type":"response.reasoning_summary_text.delta","delta":"Twelve bytes"}""")]
    [InlineData("""data: {"delta":"Twelve bytes","type":"response.reasoning_summary_text.delta"}""")]
    public void Summary_IsNoWord(string thought)
    {
        var meter = AnswerMeters.Create(MeterKind.Response, new RequestFacts(), 200, Cut.Events);
        foreach (var (line, output, thoughts) in new[] { (thought, 3, 3), ("""data: {"type":"response.output_text.delta","delta":"Twelve bytes"}""", 6, 3), ("""data: {"type":"response.reasoning_text.delta","delta":"Twelve bytes"}""", 9, 3) })
        {
            meter.Observe(System.Text.Encoding.UTF8.GetBytes(line + "\n\n"));
            Assert.Equal((output, thoughts), (meter.OutputEstimate, meter.ThoughtEstimate));
        }
    }

    [Fact]
    public void Effort_OfTheAnswer_CountsBeforeThatOfTheRequest()
    {
        const string answer = """{"id":"resp_x","object":"response","status":"completed","model":"gpt-5","reasoning":{"effort":"none","summary":null},"output":[{"type":"message","content":[{"type":"output_text","text":"Twelve bytes"}]}]}""";
        var meter = AnswerMeters.Create(MeterKind.Response, new RequestFacts { Effort = "high" }, 200, Cut.Json);
        meter.Times = new AnswerTimes(1, 1);

        Assert.Equal("gpt-5 default tokens out=3 estimated", Cut.Tell(meter, isWhole: true, System.Text.Encoding.UTF8.GetBytes(answer)));
    }
}

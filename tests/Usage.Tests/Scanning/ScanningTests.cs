using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Tests.Answers;

namespace OpenAIProxy.Usage.Tests.Scanning;

public sealed class ScanningTests
{
    private const int Long = 20 * 1024 * 1024;

    public static TheoryData<string, string> All()
    {
        var all = new TheoryData<string, string>();
        foreach (var kind in Enum.GetNames<MeterKind>())
        {
            foreach (var type in new[] { Cut.Json, Cut.Events, "text/plain", "text/vtt", "audio/mpeg" })
            {
                all.Add(kind, type);
            }
        }

        return all;
    }

    [Fact]
    public void Line_OfTwentyMegabytes_PassesWithinFewBytes()
    {
        var meter = AnswerMeters.Create(MeterKind.Response, new RequestFacts(), 200, Cut.Events);
        meter.Observe("data: {\"response\":{\"output\":[{\"type\":\"image_generation_call\",\"result\":\""u8);
        var piece = new byte[64 * 1024];
        Array.Fill(piece, (byte)'A');
        piece[1000] = (byte)'\\';
        meter.Observe(piece);
        var allocated = Allocations.During(() =>
        {
            for (var sent = 0; sent < Long; sent += piece.Length)
            {
                meter.Observe(piece);
            }
        });

        Assert.InRange(allocated, 0, 1000);
        meter.Observe("\"}],\"model\":\"m\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}},\"type\":\"response.completed\"}\n\n"u8);
        Assert.Equal("m default tokens in=1 out=2\nm default tool:image_generation quantity=1", Told.Of(meter.Finish(isWhole: true)));
    }

    [Theory]
    [InlineData(nameof(MeterKind.Completion), "data: {\"id\":\"x\",\"model\":\"m\",\"service_tier\":\"default\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" \\\"the\"}}],\"usage\":null}\n\n")]
    [InlineData(nameof(MeterKind.Completion), "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":1}}\n\n")]
    [InlineData(nameof(MeterKind.Response), "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\" the\",\"sequence_number\":4}\n\n")]
    [InlineData(nameof(MeterKind.Response), "event: response.in_progress\ndata: {\"type\":\"response.in_progress\",\"response\":{\"id\":\"resp_x\",\"model\":\"m\",\"service_tier\":\"auto\",\"status\":\"in_progress\"}}\n\n")]
    public void LongStream_AllocatesNothing(string kind, string chunk)
    {
        var meter = AnswerMeters.Create(Enum.Parse<MeterKind>(kind), new RequestFacts(), 200, Cut.Events);
        var bytes = Encoding.UTF8.GetBytes(chunk);
        meter.Observe(bytes);
        var allocated = Allocations.During(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var at = i % bytes.Length;
                meter.Observe(bytes.AsSpan(0, at));
                meter.Observe(bytes.AsSpan(at));
            }
        });

        Assert.InRange(allocated, 0, 1000);
    }

    [Theory]
    [InlineData(nameof(MeterKind.Completion))]
    [InlineData(nameof(MeterKind.Response))]
    public void Meter_OfAStream_IsSmall(string kind)
    {
        var (parsed, facts) = (Enum.Parse<MeterKind>(kind), new RequestFacts());
        AnswerMeter? meter = null;
        void Create() => meter = AnswerMeters.Create(parsed, facts, 200, Cut.Events);
        // The first time also makes what all meters share.
        Create();

        Assert.InRange(Allocations.During(Create), 1, 1536);
        GC.KeepAlive(meter);
    }

    /// <summary>Bytes that are nearly JSON reach more of a scanner than bytes that are anything.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Garbage_NeverThrows(string kind, string contentType)
    {
        ReadOnlySpan<string> words =
        [
            "{", "}", "[", "]", "\"", "\\", ":", ",", " ", "\n", "\r", "data:", "data: ", "\"usage\":", "\"type\":", "\"model\":", "\"output\":",
            "\"response\":", "\"prompt_tokens\":", "\"input_tokens\":", "\"seconds\":", "\"status\":", "\"completed\"", "\"choices\":", "\"delta\":",
            "\"content\":", "null", "12", "-1e999", "\\u00", "[DONE]", "event: error", "\"response.completed\"", "\"data\":", "00:01:02,345",
            " --> ", "\"delta\":{\"content\":\"", "{\"type\":\"response.x.delta\"", "\uFEFF", "é", "\"item\":", "\"id\":", "\"object\":", "\"batch\"",
        ];
        var random = new Random(20260101);
        for (var round = 0; round < 400; round++)
        {
            var meter = AnswerMeters.Create(Enum.Parse<MeterKind>(kind), new RequestFacts(), 200, contentType);
            for (var piece = random.Next(60); piece > 0; piece--)
            {
                var bytes = new byte[random.Next(12)];
                random.NextBytes(bytes);
                meter.Observe(random.Next(5) == 0 ? bytes : Encoding.UTF8.GetBytes(words[random.Next(words.Length)]));
            }

            Assert.NotEmpty(meter.Finish(random.Next(2) == 0).Lines);
            Assert.InRange(meter.OutputEstimate, 0, int.MaxValue);
        }
    }

    [Fact]
    public void DeepNesting_PassesOver()
    {
        var deep = new string('[', 100_000) + new string(']', 100_000);
        var answer = Encoding.UTF8.GetBytes($$"""{"choices":{{deep}},"x":{{deep}},"usage":{"prompt_tokens":5,"completion_tokens":7,"x":{{deep}} },"model":"m"}""");
        Assert.Equal(
            "m default tokens in=5 out=7", Cut.Tell(AnswerMeters.Create(MeterKind.Completion, new RequestFacts(), 200, Cut.Json), isWhole: true, answer));
    }

    [Theory]
    [InlineData(nameof(MeterKind.Completion), 400)]
    [InlineData(nameof(MeterKind.Speech), 503)]
    [InlineData(nameof(MeterKind.Unmetered), 429)]
    public void Failure_IsFree(string kind, int status)
        => Assert.Equal(
            "- default free error",
            Cut.Tell(AnswerMeters.Create(Enum.Parse<MeterKind>(kind), new RequestFacts(), status, Cut.Json), isWhole: true,
                "{\"usage\":{\"prompt_tokens\":5}}"u8.ToArray()));

    [Theory]
    [InlineData(nameof(MeterKind.Free), "- default free")]
    [InlineData(nameof(MeterKind.Unmetered), "- default unmetered")]
    public void Answer_NobodyLooksAt_IsToldByItsKind(string kind, string expected)
        => Assert.Equal(
            expected,
            Cut.Tell(AnswerMeters.Create(Enum.Parse<MeterKind>(kind), new RequestFacts(), 200, Cut.Json), isWhole: true,
                "{\"usage\":{\"prompt_tokens\":5}}"u8.ToArray()));
}

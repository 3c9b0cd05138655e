using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Tests.Answers;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>What is recorded of usage as compatible servers write it, which is not always as OpenAI does.</summary>
public sealed class DialectTests
{
    /// <summary>Its texts are estimated at 11 tokens.</summary>
    private const string Request = """{"model":"m","messages":[{"role":"user","content":"twenty characters ..twenty char"}],"stream":true}""";

    private const string Word = """{"model":"m","choices":[{"index":0,"delta":{"content":"Twelve bytes"},"finish_reason":null}]}""";

    [Theory]
    // The last one told wins, but nothing told and 0/0 erase nothing.
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3}""", """{"prompt_tokens":0,"completion_tokens":0}""", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}""", """{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3}""", "{}", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3}""", "null", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3}""", """{"prompt_tokens":null,"completion_tokens":4}""", "in=10 out=4")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3}""", """{"prompt_tokens":10,"completion_tokens":0}""", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10}""", """{"completion_tokens":3}""", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":0,"total_tokens":10}""", """{"prompt_tokens":0,"completion_tokens":3,"total_tokens":3}""", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10,"total_tokens":10}""", """{"completion_tokens":3,"total_tokens":13}""", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":4}}""", """{"completion_tokens":3}""", "in=10 cached=4 out=3")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":2}}""", """{"prompt_tokens":10,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":0}}""", "in=10 out=3")]
    // Half of it, or nothing that can be.
    [InlineData("null", """{"completion_tokens":3}""", "in=11 out=3 estimated")]
    [InlineData("null", """{"prompt_tokens":10}""", "in=10 out=3 estimated")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":0}""", "null", "in=10 out=3 estimated")]
    [InlineData("null", """{"prompt_tokens":0,"completion_tokens":0}""", "in=11 out=3 estimated")]
    [InlineData("null", """{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""", "in=11 out=3 estimated")]
    [InlineData("null", """{"prompt_tokens":0,"completion_tokens":7}""", "in=11 out=7 estimated")]
    [InlineData("null", """{"prompt_tokens":-1,"completion_tokens":7}""", "in=11 out=7 estimated")]
    [InlineData("null", "{}", "in=11 out=3 estimated")]
    public async Task Stream_IsReadFieldByField(string first, string last, string expected) => await AssertAsync(
        MeteredRig.Chunked($"data: {Word}\n\ndata: {Chunk(first)}\n\ndata: {Chunk(last)}\n\ndata: [DONE]\n\n"), "m default tokens " + expected);

    [Theory]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":2,"total_tokens":354,"completion_tokens_details":{"reasoning_tokens":340}}""", "in=12 out=342 reasoning=340")]
    [InlineData("""{"prompt_tokens":204,"completion_tokens":1,"total_tokens":287,"completion_tokens_details":{"reasoning_tokens":82},"num_sources_used":0,"cost_in_usd_ticks":44168500}""", "in=204 out=83 reasoning=82")]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":248,"total_tokens":632,"prompt_audio_seconds":3,"prompt_tokens_details":{"audio_tokens":375}}""", "in=384 audio=375 out=248")]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":248,"total_tokens":632,"prompt_token_details":{"audio_tokens":375}}""", "in=384 audio=375 out=248")]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":20,"total_tokens":129,"prompt_tokens_details":{"image_tokens":100}}""", "in=109 image=100 out=20")]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":20,"total_tokens":149,"prompt_tokens_details":{"audio_tokens":100},"completion_tokens_details":{"reasoning_tokens":20}}""", "in=109 audio=100 out=40 reasoning=20")]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":20,"total_tokens":329,"cache_read_input_tokens":200,"cache_creation_input_tokens":100}""", "in=309 cached=200 written=100 out=20")]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":20,"total_tokens":100}""", "in=9 out=91 estimated")]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":20,"total_tokens":100,"completion_tokens_details":{"reasoning_tokens":5}}""", "in=9 out=91 reasoning=5 estimated")]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":20,"total_tokens":12}""", "in=9 out=20 estimated")]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":20,"total_tokens":0}""", "in=9 out=20")]
    [InlineData("""{"prompt_tokens":9,"total_tokens":100}""", "in=9 out=91 estimated")]
    [InlineData("""{"completion_tokens":20,"total_tokens":100}""", "in=80 out=20 estimated")]
    [InlineData("""{"completion_tokens":1,"total_tokens":287,"completion_tokens_details":{"reasoning_tokens":82}}""", "in=204 out=83 reasoning=82 estimated")]
    [InlineData("""{"prompt_tokens":204,"completion_tokens":1,"completion_tokens_details":{"reasoning_tokens":82}}""", "in=204 out=83 reasoning=82 estimated")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":213,"total_tokens":223,"prompt_tokens_details":{"cached_tokens":161,"audio_prompt_tokens":0}}""", "in=10 cached=10 out=213 estimated")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":6,"cache_write_tokens":6}}""", "in=10 cached=6 written=4 out=5 estimated")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"completion_tokens_details":{"reasoning_tokens":9}}""", "in=10 out=5 reasoning=5 estimated")]
    [InlineData("""{"total_tokens":100}""", "in=97 out=3 estimated")]
    public async Task Total_IsACheck(string usage, string expected) => await AssertAsync(MeteredRig.Answer(Answer(usage)), "m default tokens " + expected);

    [Theory]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":7,"prompt_cache_hit_tokens":16,"prompt_cache_miss_tokens":4}""", "in=20 cached=16 out=7")]
    [InlineData("""{"completion_tokens":7,"prompt_cache_hit_tokens":16,"prompt_cache_miss_tokens":4}""", "in=20 cached=16 out=7")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":7,"cached_tokens":16}""", "in=20 cached=16 out=7")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":7,"cache_read_input_tokens":16,"cache_creation_input_tokens":2}""", "in=20 cached=16 written=2 out=7")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":7,"prompt_token_details":{"cached_tokens":16},"completion_token_details":{"reasoning_tokens":3}}""", "in=20 cached=16 out=7 reasoning=3")]
    [InlineData("""{"input_tokens":20,"output_tokens":7,"total_tokens":27,"input_tokens_details":null}""", "in=20 out=7")]
    [InlineData("""{"prompt_tokens":"20","completion_tokens":"7","total_tokens":"27","prompt_tokens_details":{"cached_tokens":"16"}}""", "in=20 cached=16 out=7")]
    [InlineData("""{"prompt_tokens":"20.0","completion_tokens":7.0}""", "in=20 out=7")]
    [InlineData("""{"prompt_tokens":"many","completion_tokens":7}""", "in=11 out=7 estimated")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":7,"total_tokens":27,"cost":0.1,"cost_details":{"upstream_inference_cost":null},"is_byok":false,"draft_tokens":900}""", "in=20 out=7")]
    public async Task Name_OfAnotherServer_IsKnown(string usage, string expected)
        => await AssertAsync(MeteredRig.Answer(Answer(usage)), "m default tokens " + expected);

    [Fact]
    public async Task Tier_InsideOfUsage_IsRead() => await AssertAsync(
        MeteredRig.Answer(Answer("""{"prompt_tokens":20,"completion_tokens":7,"service_tier":"flex"}""")), "m flex tokens in=20 out=7");

    [Theory]
    [InlineData("""{"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":10,"completion_tokens":3}}]}""", "in=10 out=3")]
    [InlineData("""{"model":"m","choices":[],"x_groq":{"id":"req_1","usage":{"queue_time":0.1,"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}},"usage_breakdown":{"models":[{"usage":{"prompt_tokens":900}}]}}""", "in=10 out=3")]
    [InlineData("""{"model":"m","choices":[],"x_groq":{"usage":{"prompt_tokens":10,"completion_tokens":3}},"usage":{"prompt_tokens":0,"completion_tokens":0}}""", "in=10 out=3")]
    [InlineData("""{"model":"m","choices":[],"x_groq":{"usage":{"prompt_tokens":10,"completion_tokens":3}},"usage":{"prompt_tokens":11,"completion_tokens":4}}""", "in=11 out=4")]
    [InlineData("""{"model":"m","choices":[],"timings":{"prompt_n":6,"cache_n":4,"predicted_n":3,"predicted_ms":12.5}}""", "in=10 cached=4 out=3")]
    public async Task Usage_AtAnotherPlace_Counts(string chunk, string expected) => await AssertAsync(
        MeteredRig.Chunked($"data: {Word}\n\ndata: {chunk}\n\ndata: [DONE]\n\n"), "m default tokens " + expected);

    [Fact]
    public async Task Usage_InAChoiceOfAnAnswer_Counts() => await AssertAsync(
        MeteredRig.Answer("""{"model":"m","choices":[{"message":{"content":"Twelve bytes"},"usage":{"prompt_tokens":10,"completion_tokens":3,"cached_tokens":4}}]}"""),
        "m default tokens in=10 cached=4 out=3");

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3}""", "\"stop\"", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3}""", "\"length\"", "in=10 out=3")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":3}""", "null", "in=10 out=3 cut")]
    [InlineData("null", "\"stop\"", "in=11 out=3 estimated cut")]
    public async Task Stream_WithoutEndMark_IsWholeIfItToldItsEnd(string usage, string reason, string expected) => await AssertAsync(
        MeteredRig.Chunked($$"""
            data: {{Word}}

            data: {"model":"m","choices":[{"index":0,"delta":{},"finish_reason":{{reason}}}]}

            data: {{Chunk(usage)}}


            """),
        "m default tokens " + expected);

    [Theory]
    [InlineData("""{"model":"m","choices":[{"delta":{"content":"Twelve bytes"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":3}}""")]
    [InlineData("""{"model":"m","choices":[{"delta":{"content":""},"finish_reason": "stop","usage":{"prompt_tokens":10,"completion_tokens":3}}]}""")]
    [InlineData("""{"model":"m","choices":[{"text":"","finish_reason":"stop"}],"x_groq":{"usage":{"prompt_tokens":10,"completion_tokens":3}}}""")]
    public async Task Stream_WithoutEndMark_ThatEndsInOneChunk_IsWhole(string chunk) => await AssertAsync(
        MeteredRig.Chunked($"data: {Word}\n\ndata: {chunk}\n\n"), "m default tokens in=10 out=3");

    [Fact]
    public async Task Stream_WhoseLastWordsComeWithTheirEnd_IsWhole() => await AssertAsync(
        MeteredRig.Chunked($$"""
            data: {{Word}}

            data: {"model":"m","choices":[{"index":0,"delta":{"content":"!"},"finish_reason":"stop"}]}

            data: {{Chunk("""{"prompt_tokens":10,"completion_tokens":4}""")}}


            """),
        "m default tokens in=10 out=4");

    [Theory]
    [InlineData("""{"delta":{"content":"Twelve bytes"},"message":{"role":"assistant","content":"Twelve bytes"}}""", """{"delta":{"content":"four"},"message":{"role":"assistant","content":"Twelve bytesfour"}}""")]
    [InlineData("""{"message":{"content":"Twelve bytes"},"delta":{"content":"Twelve bytes"}}""", """{"message":{"content":"Twelve bytesfour"},"delta":{"content":"four"}}""")]
    [InlineData("""{"message":{"content":"Twelve bytes"}}""", """{"message":{"content":"Twelve bytesfour"}}""")]
    [InlineData("""{"delta":{"reasoning":"Twelve bytes","reasoning_content":"Twelve bytes"}}""", """{"delta":{"reasoning_content":"four","reasoning":"four"}}""")]
    [InlineData("""{"delta":{"reasoning_content":"Twelve bytes"}}""", """{"delta":{"reasoning":"four"}}""")]
    public async Task Text_ThatIsSaidTwice_CountsOnce(string first, string last) => await AssertAsync(
        MeteredRig.Chunked($$"""
            data: {"model":"m","choices":[{{first}}]}

            data: {"model":"m","choices":[{{last}}]}

            data: [DONE]


            """),
        "m default tokens in=11 out=4 estimated");

    [Fact]
    public async Task Stream_CutAfterItToldTheSumSoFar_IsThatAndWhatPassedSince() => await AssertAsync(
        MeteredRig.Chunked($"data: {Word[..^1]},\"usage\":{{\"prompt_tokens\":10,\"completion_tokens\":2}}}}\n\ndata: {Word}\n\n"),
        "m default tokens in=10 out=5 estimated cut");

    [Theory]
    [InlineData("""{"total_tokens":8}""", "in=8")]
    [InlineData("""{"prompt_tokens":8,"total_tokens":8}""", "in=8")]
    [InlineData("""{"prompt_tokens":8,"completion_tokens":0,"total_tokens":8}""", "in=8")]
    [InlineData("""{"prompt_tokens":8}""", "in=8")]
    [InlineData("""{"total_tokens":"8"}""", "in=8")]
    [InlineData("""{"prompt_tokens":0,"total_tokens":0}""", "in=7 estimated")]
    [InlineData("null", "in=7 estimated")]
    public async Task Embeddings_ThatTellTheTotalOnly_HaveItAsInput(string usage, string expected) => await AssertAsync(
        MeteredRig.Answer($$"""{"object":"list","data":[{"embedding":[0.1]}],"model":"m","usage":{{usage}} }"""),
        "m default tokens " + expected,
        "POST /v1/embeddings",
        """{"model":"m","input":"twenty characters ..twenty c"}""");

    [Theory]
    [InlineData("""{"input_tokens":"36","output_tokens":"87","total_tokens":123}""", "in=36 out=87")]
    [InlineData("""{"input_tokens":36,"output_tokens":2,"total_tokens":78,"output_tokens_details":{"reasoning_tokens":40}}""", "in=36 out=42 reasoning=40")]
    [InlineData("""{"output_tokens":87}""", "in=7 out=87 estimated")]
    [InlineData("""{"input_tokens":36}""", "in=36 out=3 estimated")]
    [InlineData("""{"input_tokens":0,"output_tokens":0,"total_tokens":0}""", "in=7 out=3 estimated")]
    [InlineData("""{"input_tokens":10,"output_tokens":5,"input_tokens_details":{"cached_tokens":161}}""", "in=10 cached=10 out=5 estimated")]
    public async Task Response_IsReadLikewise(string usage, string expected)
    {
        var response = $$"""{"id":"resp_1","object":"response","status":"completed","model":"m","output":[{"type":"message","content":[{"type":"output_text","text":"Twelve bytes"}]}],"usage":{{usage}} }""";
        const string request = """{"model":"m","input":"twenty characters ..twenty c"}""";

        await AssertAsync(MeteredRig.Answer(response), "m default tokens " + expected, "POST /v1/responses", request);
        await AssertAsync(
            MeteredRig.Chunked($$"""
                data: {"type":"response.created","response":{"id":"resp_1","object":"response","status":"in_progress","model":"m","usage":{"input_tokens":0,"output_tokens":0} } }

                data: {"type":"response.output_text.delta","delta":"Twelve bytes"}

                data: {"type":"response.completed","response":{{response}} }


                """),
            "m default tokens " + expected,
            "POST /v1/responses",
            request);
    }

    [Theory]
    [InlineData("\"reasoning_effort\":\"high\",", "gpt-5", 18)]
    [InlineData("\"reasoning_effort\":\"none\",", "gpt-5", 3)]
    [InlineData("", "gpt-4o", 3)]
    public async Task Stream_OfAModelThatHidesItsThoughts_IsEstimatedWithThem(string effort, string model, int output)
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, "{" + effort + "\"model\":\"m\",\"stream\":true}"),
            MeteredRig.Chunked($"data: {Word.Replace("\"m\"", $"\"{model}\"")}\n\ndata: [DONE]\n\n"));

        // A machine that is slow for a second thinks, too, by its clock.
        var line = (await rig.RecordAsync()).Lines[0];
        Assert.True(line.Estimated);
        Assert.InRange(line.Counts.Output, output, model == "gpt-4o" || effort.Contains("none") ? output : 10_000);
    }

    private static string Chunk(string usage) => $$"""{"model":"m","choices":[],"usage":{{usage}} }""";

    private static string Answer(string usage)
        => $$"""{"model":"m","choices":[{"message":{"content":"Twelve bytes"},"finish_reason":"stop"}],"usage":{{usage}} }""";

    private static async Task AssertAsync(string answer, string expected, string target = MeteredRig.Chat, string request = Request)
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(MeteredRig.Post(target, request), answer);
        var record = await rig.RecordAsync();
        Assert.Equal(expected, Told.Of(new AnswerUsage(record.Lines, record.IsError, record.IsCut)));
    }
}

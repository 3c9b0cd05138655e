using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Tests.Answers;

public sealed class CompletionTests
{
    private const string Chunk =
        """data: {"id":"chatcmpl-x","object":"chat.completion.chunk","created":1,"model":"gpt-5-2025-08-07","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}],"usage":null,"obfuscation":"aB3"}""" + "\n\n";

    private const string UsageChunk =
        """data: {"id":"chatcmpl-x","object":"chat.completion.chunk","created":1,"model":"gpt-5-2025-08-07","service_tier":"priority","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":50,"total_tokens":70}}""" + "\n\n";

    [Fact]
    public void Answer_WithAllDetails_IsTold() => Json(
        """
        {"id":"chatcmpl-x","object":"chat.completion","created":1,"model":"gpt-5-2025-08-07","service_tier":"default",
         "choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":20,"completion_tokens":50,"total_tokens":70,
          "prompt_tokens_details":{"cached_tokens":16,"cache_write_tokens":2,"audio_tokens":3,"text_tokens":20,"image_tokens":4},
          "completion_tokens_details":{"reasoning_tokens":40,"audio_tokens":5,"text_tokens":10,
             "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
        """,
        "gpt-5-2025-08-07 default tokens in=20 cached=16 written=2 audio=3 image=4 out=50 reasoning=40 audioout=5");

    [Fact]
    public void Answer_OfLegacyCompletion_IsTold() => Json(
        """{"id":"cmpl-x","object":"text_completion","model":"babbage-002","choices":[{"text":"a","index":0}],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}""",
        "babbage-002 default tokens in=5 out=7");

    [Fact]
    public void Answer_WithUsageBeforeChoices_IsTold() => Json(
        """{"usage":{"completion_tokens":7,"prompt_tokens":5},"service_tier":"flex","choices":[{"message":{"content":"a"}}],"model":"m"}""",
        "m flex tokens in=5 out=7");

    [Fact]
    public void Answer_WithUsageElsewhere_IsNotDeceived() => Json(
        """
        {"model":"m","metadata":{"usage":{"prompt_tokens":900,"completion_tokens":900},"model":"evil"},
         "usage":{"prompt_tokens":5,"completion_tokens":7,"extra":{"prompt_tokens":99},"deep":[[{"output_tokens":3}]]},
         "choices":[{"usage":{"prompt_tokens":900},"message":{"content":"{\"usage\":{\"prompt_tokens\":900,\\\"}}","tool_calls":[
           {"function":{"name":"f","arguments":"{\"usage\":{\"prompt_tokens\":900}}"}}]}}],
         "tools":[{"parameters":{"properties":{"usage":{"prompt_tokens":900,"completion_tokens":1}}}}]}
        """,
        "m default tokens in=5 out=7");

    [Fact]
    public void Answer_WithEscapedKeys_IsTold() => Json(
        """{"mod\u0065l":"a\/b\u002dc","us\u0061g\u0065":{"prompt\u005ftokens":5,"completion_tokens":7}}""",
        "a/b-c default tokens in=5 out=7");

    [Theory]
    [InlineData("""{"prompt_tokens":5.5,"completion_tokens":7}""", "out=7 estimated")]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":7}""", "out=7 estimated")]
    [InlineData("""{"prompt_tokens":"5,","completion_tokens":7}""", "out=7 estimated")]
    [InlineData("""{"prompt_tokens":5.0,"completion_tokens":7e0}""", "in=5 out=7")]
    [InlineData("""{"prompt_tokens":99999999999999999999999999999999999999,"completion_tokens":7}""", "out=7 estimated")]
    [InlineData("""{"prompt_tokens":1e400,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":4}}""", "out=7 estimated")]
    [InlineData("""{"prompt_tokens":[5],"completion_tokens":7,"prompt_tokens_details":null}""", "out=7 estimated")]
    [InlineData("""{"prompt_tokens":5,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":40}}""", "in=5 cached=5 out=7 estimated")]
    public void Usage_WithNumbersThatCannotBe_LeavesThemOut(string usage, string expected)
        => Json($$"""{"model":"m","usage":{{usage}} }""", "m default tokens " + expected);

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"many\"")]
    [InlineData("""{"prompt_tokens":null,"completion_tokens":true}""")]
    public void Usage_ThatSaysNothing_IsEstimated(string usage) => Json(
        $$"""{"model":"m","choices":[{"message":{"content":"Twelve bytes"} }],"usage":{{usage}} }""",
        "m default tokens in=11 out=3 estimated",
        new RequestFacts { InputEstimate = 11 });

    [Fact]
    public void Answer_CutBeforeItsUsage_IsEstimatedAsCut() => Cut.Anywhere(
        MeterKind.Completion,
        Cut.Json,
        """{"model":"m","choices":[{"message":{"reasoning_content":"Eight by","content":"Twelve \u00e9\u00e9 by""",
        "m default tokens in=11 out=6 estimated cut",
        new RequestFacts { InputEstimate = 11 },
        isWhole: false);

    [Theory]
    [InlineData("""{"error":{"message":"no","type":"server_error","usage":{"prompt_tokens":5}}}""", "- default free error")]
    [InlineData("""{"error":"no"}""", "- default free error")]
    [InlineData("""{"error":null,"model":"m","usage":{"prompt_tokens":5}}""", "m default tokens in=5 estimated")]
    [InlineData("""{"error":{"message":"no"},"model":"m","usage":{"prompt_tokens":5}}""", "m default tokens in=5 estimated error")]
    [InlineData("""{"object":"list","data":[{"usage":{"prompt_tokens":5}}]}""", "- default free")]
    public void Answer_WithErrorOrList_IsFree(string answer, string expected) => Json(answer, expected);

    [Theory]
    [InlineData("gpt-4o-search-preview-2025-03-11", null, "search:medium")]
    [InlineData("gpt-5-search-api-2025-10-14", "high", "search:high")]
    public void Answer_OfSearchModel_CountsTheSearch(string model, string? size, string unit) => Json(
        $$"""{"model":"{{model}}","usage":{"prompt_tokens":5,"completion_tokens":7} }""",
        $"{model} default tokens in=5 out=7\n{model} default {unit} quantity=1",
        new RequestFacts { SearchContextSize = size });

    [Fact]
    public void Stream_WithUsageChunk_IsTold() => Stream(
        Chunk + Chunk + UsageChunk + "data: [DONE]\n\n", "gpt-5-2025-08-07 priority tokens in=20 out=50");

    [Fact]
    public void Stream_WithoutLastBlankLine_IsTold() => Stream(
        Chunk + UsageChunk + "data: [DONE]", "gpt-5-2025-08-07 priority tokens in=20 out=50");

    [Fact]
    public void Stream_WithCommentsAndOtherFields_IsTold() => Stream(
        ": keep-alive\n\nid: 7\nretry: 10\nevent: chunk\n" + Chunk + "\n:\ndata\ndatax: {\"usage\":{\"prompt_tokens\":900}}\n\n" + UsageChunk + "data: [DONE]\n\n",
        "gpt-5-2025-08-07 priority tokens in=20 out=50");

    [Fact]
    public void Stream_WithEventsInSeveralLines_IsTold() => Stream(
        """
        data: {"model":"m",
        data: "choices":[],
        data: "usage":{"prompt_tokens":
        : a comment
        data: 20,"completion_tokens":50}
        data: }

        data: [DONE]


        """,
        "m default tokens in=20 out=50");

    [Fact]
    public void Stream_WithoutBlankLines_IsTold() => Stream(
        Chunk.Replace("\n\n", "\n") + UsageChunk.Replace("\n\n", "\n") + "data: [DONE]\n", "gpt-5-2025-08-07 priority tokens in=20 out=50");

    [Fact]
    public void Stream_WithUsageInEveryChunk_TakesTheLast() => Stream(
        """
        data: {"model":"m","choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":20,"completion_tokens":1}}

        data: {"model":"m","choices":[{"delta":{"content":"b"}}],"usage": {"prompt_tokens":20,"completion_tokens":2}}

        data: {"model":"m","usage":{"prompt_tokens":20,"completion_tokens":3},"choices":[{"delta":{"content":"c"}}]}

        data: {"model":"","choices":[],"usage":null}

        data: [DONE]


        """,
        "m default tokens in=20 out=3");

    [Fact]
    public void Stream_WithAzuresFirstChunkAndModeration_IsTold() => Stream(
        """
        data: {"id":"","object":"","created":0,"model":"","choices":[],"prompt_filter_results":[{"prompt_index":0,"usage":{"prompt_tokens":900}}]}

        data: {"model":"gpt-4o-2024-08-06","choices":[{"delta":{"content":"a"}}]}

        data: {"model":"gpt-4o-2024-08-06","choices":[],"moderation":{"results":[]},"usage":null}

        data: {"model":"gpt-4o-2024-08-06","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":1}}

        data: [DONE]


        """,
        "gpt-4o-2024-08-06 default tokens in=20 out=1");

    [Fact]
    public void Stream_WithoutEndMark_IsExactAndCut() => Stream(
        Chunk + UsageChunk, "gpt-5-2025-08-07 priority tokens in=20 out=50 cut");

    [Fact]
    public void Stream_WithoutUsage_IsEstimated() => Stream(
        Chunk + Chunk + "data: [DONE]\n\n",
        "gpt-5-2025-08-07 default tokens in=9 out=2 estimated",
        new RequestFacts { InputEstimate = 9 });

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("Twelve bytes", 3)]
    [InlineData("日本", 2)]
    [InlineData("a\\\"b", 1)]
    [InlineData("a\",\"refusal\":\"Eight by", 2)]
    [InlineData("a\"},\"finish_reason\":\"stop\"}],\"more\":[{\"x\":{\"y\":\"", 1)]
    public void Stream_OfEventsThatDifferOnlyInText_IsEstimatedByEach(string text, int tokens) => Stream(
        Chunk + Chunk + Chunk.Replace("Hello", text, StringComparison.Ordinal) + Chunk.Replace("aB3", "", StringComparison.Ordinal) + Chunk
            + "data: [DONE]\n\n",
        $"gpt-5-2025-08-07 default tokens in=9 out={4 + tokens} estimated",
        new RequestFacts { InputEstimate = 9 });

    /// <summary>Byte by byte each event is parsed. In larger pieces most of them are compared with the one before.</summary>
    [Fact]
    public void Stream_OfAnyEvents_IsEstimatedAlikeHoweverItIsCut()
    {
        (string Part, string Other)[] changes =
        [
            ("Hello", "a\\n\\u00e9"), ("Hello", ""), ("Hello", "日"), ("Hello\"", "Hello\",\"refusal\":\"no\""), ("aB3", ""), ("aB3", "usage"),
            ("null", "{}"), ("reason\":null", "reason\":\"stop\""), ("usage\":null", "usage\":{\"completion_tokens\":3}"), ("\"index\":0", "\"index\":1"),
            ("\n\n", "\n"), ("\n\n", "\r\n\r\n"), ("data: ", "data:"), ("data: ", ": hi\ndata: "), ("\"choices\"", "\"error\":false,\"choices\""),
        ];
        var random = new Random(20260103);
        for (var round = 0; round < 2000; round++)
        {
            var stream = Chunk + Chunk + string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(3) > 0
                ? Chunk.Replace("Hello", new string('x', random.Next(20)), StringComparison.Ordinal)
                : Change(changes[random.Next(changes.Length)])));
            var bytes = Encoding.UTF8.GetBytes(stream);
            var cut = random.Next(bytes.Length + 1);
            static string Change((string Part, string Other) change) => Chunk.Replace(change.Part, change.Other, StringComparison.Ordinal);
            static AnswerMeter Meter() => AnswerMeters.Create(MeterKind.Completion, new RequestFacts(), 200, Cut.Events);

            var expected = Cut.Tell(Meter(), isWhole: false, [.. bytes.Select(b => new[] { b })]);

            Assert.Equal(expected, Cut.Tell(Meter(), isWhole: false, bytes));
            Assert.Equal(expected, Cut.Tell(Meter(), isWhole: false, bytes[..cut], bytes[cut..]));
        }
    }

    [Fact]
    public void Stream_ThatTellsItsTierLate_IsOfThatTier() => Stream(
        Untiered("Hello") + Untiered("there")
            + Untiered("again").Replace("{\"id\"", "{\"service_tier\":\"flex\",\"id\"", StringComparison.Ordinal) + Untiered("end"),
        "m flex tokens out=4 estimated cut",
        isWhole: false);

    [Fact]
    public void Stream_WithTwoChoicesInAnEvent_IsEstimatedByBoth() => Stream(
        """
        data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}

        data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null},{"index":1,"delta":{"content":"World, again"}}]}

        data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null},{"index":1,"delta":{"content":"World, again"}}]}


        """,
        "m default tokens out=9 estimated cut",
        isWhole: false);

    [Fact]
    public void Stream_WithUsageInAnEventLikeTheOthers_IsTold() => Stream(
        Chunk + Chunk + Chunk.Replace("\"usage\":null", "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":50}", StringComparison.Ordinal) + "data: [DONE]\n\n",
        "gpt-5-2025-08-07 default tokens in=20 out=50");

    [Fact]
    public void Stream_CutInTheMiddle_IsEstimatedAsCut() => Stream(
        """
        data: {"model":"m","choices":[{"delta":{"role":"assistant","content":""}}]}

        data: {"model":"m","choices":[{"delta":{"content":"a"}}],"obfuscation":"0123456789"}

        data: {"model":"m","choices":[{"delta":{"content":"Say \"it\"\n"}}]}

        data: {"model":"m","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{\"city\":"}}]}}]}

        data: {"model":"m","choices":[{"delta":{"reasoning_content":"Hm"}}]}

        data: {"model":"m","choices":[{"delta":{"content":"Eight by
        """,
        "m default tokens in=9 out=8 estimated cut",
        new RequestFacts { InputEstimate = 9 },
        isWhole: false);

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"overloaded\"}}\n\n")]
    [InlineData("event: error\ndata: {\"message\":\"overloaded\"}\n\n")]
    public void Stream_WithError_IsAFailureAndEstimatedByWhatCameBefore(string error)
    {
        const string word = "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
        Stream(error, "- default free error");
        Stream(word + error, "m default tokens out=1 estimated error");
    }

    [Fact]
    public void Embeddings_AreTold() => Cut.Anywhere(
        MeterKind.Embedding,
        Cut.Json,
        """{"object":"list","data":[{"object":"embedding","embedding":[0.1,-2e-5],"index":0},{"embedding":"AAAA//8="}],"model":"text-embedding-ada-002-v2","usage":{"prompt_tokens":8,"total_tokens":8}}""",
        "text-embedding-ada-002-v2 default tokens in=8");

    private static string Untiered(string text)
        => $$"""data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""" + "\n\n";

    private static void Json(string answer, string expected, RequestFacts? facts = null)
        => Cut.Anywhere(MeterKind.Completion, Cut.Json, answer, expected, facts);

    private static void Stream(string answer, string expected, RequestFacts? facts = null, bool isWhole = true)
        => Cut.Anywhere(MeterKind.Completion, Cut.Events, answer, expected, facts, isWhole);
}

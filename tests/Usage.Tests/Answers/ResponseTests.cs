using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Tests.Answers;

public sealed class ResponseTests
{
    private const string Usage =
        """{"input_tokens":36,"input_tokens_details":{"cached_tokens":6,"cache_write_tokens":3},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}""";

    private const string Tokens = "tokens in=36 cached=6 written=3 out=87 reasoning=64";

    private const string Start =
        """
        event: response.created
        data: {"type":"response.created","response":{"id":"resp_x","object":"response","status":"in_progress","background":false,"model":"gpt-5.6-sol","output":[],"usage":null},"sequence_number":0}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hello wo","logprobs":[],"obfuscation":"xxxxxxxxx","sequence_number":4}

        event: response.function_call_arguments.delta
        data: {"sequence_number":4,"delta":"{\"a\":1}","type":"response.function_call_arguments.delta"}

        event: response.audio.delta
        data: {"delta":"AAAABBBBCCCCDDDD","type":"response.audio.delta"}

        event: response.output_audio.delta
        data: {"type":"response.output_audio.delta","delta":"AAAABBBBCCCCDDDD"}

        event: response.output_item.done
        data: {"type":"response.output_item.done","item":{"id":"ws_1","type":"web_search_call","action":{"type":"search","query":"x"}}}


        """;

    [Fact]
    public void Answer_Completed_IsTold() => Json(Response("completed", "\"error\":null,\"incomplete_details\":null"), $"gpt-5.6-sol default {Tokens}");

    [Fact]
    public void Answer_Incomplete_IsTold() => Json(
        Response("incomplete", "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}"), $"gpt-5.6-sol default {Tokens}");

    [Fact]
    public void Answer_FailedWithUsage_IsToldAsFailure() => Json(
        Response("failed", "\"error\":{\"code\":\"server_error\",\"message\":\"x\"}"), $"gpt-5.6-sol default {Tokens} error");

    [Fact]
    public void Answer_FailedWithoutUsage_IsFreeAndAFailure() => Json(
        """{"id":"resp_x","object":"response","status":"failed","model":"m","usage":null}""", "m default free error");

    [Fact]
    public void Answer_ThatEchoesToolsWithUsage_IsNotDeceived() => Json(
        Response(
            "completed",
            """
            "tools":[{"type":"web_search_call","parameters":{"usage":{"input_tokens":900}}}],"metadata":{"usage":"{\"input_tokens\":900}"},
            "instructions":[{"usage":{"input_tokens":900},"output":[{"type":"web_search_call"}]}],
            "output":[{"type":"message","usage":{"input_tokens":900},"content":[{"type":"output_text","text":"\"usage\":{\"input_tokens\":900}"}]}]
            """),
        $"gpt-5.6-sol default {Tokens}");

    [Fact]
    public void Answer_WithAContainerThatHasNoIdOfItsOwn_CountsItForEachResponse() => Json(
        Response("completed", """ "output":[{"type":"code_interpreter_call","container_id":"auto"},{"type":"code_interpreter_call","container_id":"auto"}] """),
        $"gpt-5.6-sol default {Tokens}\ngpt-5.6-sol default tool:code_interpreter quantity=1 estimated");

    [Fact]
    public void Answer_WithTools_CountsThem() => Json(
        Response(
            "completed",
            """
            "output":[{"type":"web_search_call","action":{"type":"search"}},{"type":"web_search_call","action":{"type":"open_page"}},
             {"type":"web_search_call"},{"type":"file_search_call"},{"type":"image_generation_call","result":"iVBORw0KGgo="},
             {"type":"code_interpreter_call","container_id":"cntr_1"},{"container_id":"cntr_1","type":"code_interpreter_call"},
             {"type":"code_interpreter_call","container_id":"cntr_2"},{"type":"message","content":[]}]
            """),
        $"""
        gpt-5.6-sol default {Tokens}
        gpt-5.6-sol default tool:web_search quantity=2
        gpt-5.6-sol default tool:file_search quantity=1
        gpt-5.6-sol default tool:code_interpreter quantity=1 estimated once(container 330730bf497ff64f)
        gpt-5.6-sol default tool:code_interpreter quantity=1 estimated once(container 33072fbf497ff49b)
        gpt-5.6-sol default tool:image_generation quantity=1
        """);

    [Theory]
    [InlineData("queued")]
    [InlineData("in_progress")]
    public void Answer_Unfinished_IsFree(string status) => Json(
        $$"""{"id":"resp_x","object":"response","status":"{{status}}","background":true,"model":"m","usage":null}""",
        "m default free",
        new RequestFacts { Background = true, InputEstimate = 5 });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answer_OfBackground_CountsOnce(bool isRead) => Json(
        Response("completed", """ "background":true,"output":[{"type":"file_search_call"}] """),
        $"gpt-5.6-sol default free\ngpt-5.6-sol default {Tokens} once(resp_x)\ngpt-5.6-sol default tool:file_search quantity=1 once(resp_x tool:file_search)",
        new RequestFacts { IsRead = isRead, Background = true });

    [Fact]
    public void Answer_CancelledWithUsage_Counts() => Json(
        Response("cancelled", "\"background\":true"), $"gpt-5.6-sol default free\ngpt-5.6-sol default {Tokens} once(resp_x)");

    [Fact]
    public void Answer_CancelledWithoutUsage_IsUnmetered() => Json(
        """{"id":"resp_x","object":"response","status":"cancelled","background":true,"model":"m","usage":null}""",
        "m default free\nm default unmetered once(resp_x cancelled)");

    [Fact]
    public void Answer_OfForegroundThatIsRead_IsFree() => Json(
        Response("completed", "\"background\":false"), "gpt-5.6-sol default free", new RequestFacts { IsRead = true });

    [Theory]
    [InlineData("""{"object":"list","data":[{"type":"message","usage":{"input_tokens":5}}]}""")]
    [InlineData("""{"id":"resp_x","object":"response.deleted","deleted":true}""")]
    [InlineData("""{"object":"response.input_tokens","input_tokens":11}""")]
    public void Answer_OfAnotherKind_IsFree(string answer) => Json(answer, "- default free");

    [Fact]
    public void Answer_OfCompaction_IsTold() => Json(
        $$"""{"id":"resp_c","object":"response.compaction","created_at":1,"output":[],"usage":{{Usage}} }""", $"- default {Tokens}");

    [Fact]
    public void Answer_CutBeforeItsUsage_IsEstimatedAsCut() => Json(
        """{"id":"resp_x","object":"response","status":"completed","model":"m","output":[{"type":"message","content":[{"type":"output_text","text":"Twelve bytes"}]}""",
        "m default tokens in=7 out=3 estimated cut",
        new RequestFacts { InputEstimate = 7 },
        isWhole: false);

    [Theory]
    [InlineData("completed", "")]
    [InlineData("incomplete", "")]
    [InlineData("failed", " error")]
    public void Stream_ToItsTerminalEvent_IsTold(string status, string error) => Stream(
        $"{Start}event: response.{status}\ndata: {{\"type\":\"response.{status}\",\"sequence_number\":9,\"response\":{Response(status, "\"output\":[{\"type\":\"web_search_call\"}]")}}}\n\n",
        $"gpt-5.6-sol default {Tokens}\ngpt-5.6-sol default tool:web_search quantity=1{error}");

    [Fact]
    public void Stream_WhoseTypeComesLast_IsTold() => Stream(
        $"data: {{\"response\":{Response("completed", "\"output\":[]")},\"type\":\"response.completed\"}}\n\ndata: [DONE]\n\n",
        $"gpt-5.6-sol default {Tokens}");

    [Fact]
    public void Stream_CutInTheMiddle_IsEstimatedAsCut() => Stream(
        Start,
        "gpt-5.6-sol default tokens in=7 out=4 estimated\ngpt-5.6-sol default tool:web_search quantity=1 cut",
        new RequestFacts { InputEstimate = 7 });

    [Fact]
    public void Stream_WithErrorEvent_IsAFailureAndEstimatedByWhatCameBefore() => Stream(
        Start + "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"x\",\"param\":null,\"sequence_number\":1}\n\n",
        "gpt-5.6-sol default tokens out=4 estimated\ngpt-5.6-sol default tool:web_search quantity=1 error");

    [Fact]
    public void Stream_OfBackgroundCut_IsFreeAndCut() => Stream(
        Start.Replace("\"background\":false", "\"background\":true"), "gpt-5.6-sol default free cut", new RequestFacts { Background = true });

    [Fact]
    public void Stream_OfBackgroundToItsEnd_CountsOnce() => Stream(
        $"data: {{\"type\":\"response.completed\",\"response\":{Response("completed", "\"background\":true")}}}\n\n",
        $"gpt-5.6-sol default free\ngpt-5.6-sol default {Tokens} once(resp_x)",
        new RequestFacts { IsRead = true });

    [Fact]
    public void Stream_OfForegroundThatIsRead_IsFree() => Stream(
        $"data: {{\"type\":\"response.completed\",\"response\":{Response("completed", "\"background\":false")}}}\n\n",
        "gpt-5.6-sol default free",
        new RequestFacts { IsRead = true });

    private static string Response(string status, string more)
        => $$"""{"id":"resp_x","object":"response","created_at":1,"status":"{{status}}","model":"gpt-5.6-sol","service_tier":"default",{{more.Trim()}},"usage":{{Usage}} }""";

    private static void Json(string answer, string expected, RequestFacts? facts = null, bool isWhole = true)
        => Cut.Anywhere(MeterKind.Response, Cut.Json, answer, expected.ReplaceLineEndings("\n"), facts, isWhole);

    private static void Stream(string answer, string expected, RequestFacts? facts = null)
        => Cut.Anywhere(MeterKind.Response, Cut.Events, answer, expected, facts);
}

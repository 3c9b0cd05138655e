using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Tests.Answers;

namespace OpenAIProxy.Gateway.Tests.Metering.Charges;

/// <summary>Containers that code or a shell ran in: billed each, by their memory, and for a time that no answer tells.</summary>
public sealed class ContainerTests
{
    private const string Tokens = "gpt-5.4 default tokens in=3 out=4";
    private const string Code = "{\"type\":\"code_interpreter_call\",\"container_id\":\"cntr_1\",\"code\":\"1\"}";
    private const string Hosted = "{\"type\":\"shell_call\",\"action\":{\"commands\":[\"ls\"]},\"environment\":{\"type\":\"container_reference\",\"container_id\":\"cntr_2\"}}";
    private const string Once1 = "once(container 330730bf497ff64f)";
    private const string Once2 = "once(container 33072fbf497ff49b)";

    [Theory]
    [InlineData("1g", "")]
    [InlineData("4g", ":4g")]
    [InlineData("16g", ":16g")]
    [InlineData("64g", ":64g")]
    public async Task Container_OfASize_IsOfItsUnit(string memory, string size)
    {
        var tools = $$"""[{"container":{"type":"auto","memory_limit":"{{memory}}","file_ids":[] },"type":"code_interpreter"},{"type":"shell","environment":{"type":"container_auto","memory_limit":"{{memory}}"} }]""";
        var asked = await Charge.CallAsync(
            "POST /v1/responses", $$"""{"model":"gpt-5.4","tools":{{tools}},"input":"x"}""",
            Response($"{Code},{Hosted}", "[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}},{\"type\":\"shell\"}]"));
        var answered = await Charge.CallAsync("POST /v1/responses", """{"model":"gpt-5.4","input":"x"}""", Response($"{Code},{Hosted}", tools));

        Assert.All([asked, answered], record => Assert.Equal(
            $"{Tokens}\ngpt-5.4 default tool:code_interpreter{size} quantity=1 estimated {Once1}\n"
            + $"gpt-5.4 default tool:shell{size} quantity=1 estimated {Once2}",
            Charge.Of(record)));
    }

    [Theory]
    [InlineData("32g", ":32g")]
    [InlineData("1 g", ":(other)")]
    [InlineData("123456789", ":(other)")]
    public async Task Container_OfASizeThatNobodyKnows_HasNoPrice(string memory, string size)
    {
        var record = await Charge.CallAsync(
            "POST /v1/responses", """{"model":"gpt-5.4","input":"x"}""",
            Response(Code, $$"""[{"type":"code_interpreter","container":{"type":"auto","memory_limit":"{{memory}}"} }]"""));

        Assert.Equal($"{Tokens}\ngpt-5.4 default tool:code_interpreter{size} quantity=1 estimated {Once1}", Charge.Of(record));
        Assert.True(Charge.Dollars(record).IsUnpriced);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"type\":\"code_interpreter\",\"container\":\"cntr_1\"}]")]
    [InlineData("[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\",\"memory_limit\":null} }]")]
    [InlineData("[{\"type\":\"shell\",\"environment\":{\"memory_limit\":\"4g\"} }]")]
    public void Container_OfASizeThatIsNotNamed_IsOfTheDefault(string tools) => Cut.Anywhere(
        MeterKind.Response, Cut.Json, Response(Code, tools), $"{Tokens}\ngpt-5.4 default tool:code_interpreter quantity=1 estimated {Once1}");

    [Fact]
    public void Shell_InAContainer_CountsOnceForEachContainer() => Json(
        $"{Hosted},{Hosted},{Hosted.Replace("cntr_2", "cntr_1")}",
        $"{Tokens}\ngpt-5.4 default tool:shell quantity=1 estimated {Once2}\ngpt-5.4 default tool:shell quantity=1 estimated {Once1}");

    [Fact]
    public void Shell_InTheContainerThatCodeRanIn_IsNoSecondOne() => Json(
        $"{Code},{Hosted.Replace("cntr_2", "cntr_1")}", $"{Tokens}\ngpt-5.4 default tool:code_interpreter quantity=1 estimated {Once1}");

    [Theory]
    [InlineData("{\"type\":\"shell_call\",\"environment\":{\"type\":\"local\"}}")]
    [InlineData("{\"type\":\"shell_call\",\"environment\":null}")]
    [InlineData("{\"type\":\"shell_call\"}")]
    [InlineData("{\"type\":\"local_shell_call\",\"environment\":{\"container_id\":\"cntr_2\"}}")]
    [InlineData("{\"type\":\"shell_call_output\",\"environment\":{\"container_id\":\"cntr_2\"}}")]
    public void Shell_OfTheCaller_IsFree(string item) => Json(item, Tokens);

    [Fact]
    public void Stream_WithAShell_CountsItsContainer() => Cut.Anywhere(
        MeterKind.Response,
        Cut.Events,
        "data: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"model\":\"gpt-5.4\","
        + "\"tools\":[{\"type\":\"shell\",\"environment\":{\"memory_limit\":\"16g\"}}]}}\n\n"
        + "data: {\"type\":\"response.output_item.done\",\"item\":" + Hosted + "}\n\n",
        $"gpt-5.4 default tokens estimated\ngpt-5.4 default tool:shell:16g quantity=1 estimated {Once2} cut");

    [Fact]
    public async Task ResponseOverASocket_WithAShell_CountsItsContainer()
    {
        await using var socket = await ResponseSocket.StartAsync();
        await socket.SendAsync("""{"type":"response.create","tools":[{"type":"shell","environment":{"type":"container_auto","memory_limit":"64g"}}],"model":"gpt-5.4","input":"x"}""");
        await socket.AnswerAsync($"{{\"type\":\"response.output_item.done\",\"item\":{Hosted}}}");
        await socket.AnswerAsync($"{{\"type\":\"response.completed\",\"response\":{Response(Hosted, "[]")}}}");

        Assert.Equal($"{Tokens}\ngpt-5.4 default tool:shell:64g quantity=1 estimated {Once2}", Charge.Of(await socket.RecordAsync()));
    }

    [Fact]
    public async Task BackgroundResponse_ThatIsPolled_KnowsTheSize()
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(
            MeteredRig.Post(
                "POST /v1/responses",
                """{"model":"gpt-5.4","background":true,"tools":[{"type":"code_interpreter","container":{"type":"auto","memory_limit":"4g"}}],"input":"x"}"""),
            MeteredRig.Answer("""{"id":"resp_1","object":"response","status":"queued","background":true,"model":"gpt-5.4","usage":null}"""));
        await rig.ExchangeAsync(
            Rig.Request("GET /v1/responses/resp_1"),
            MeteredRig.Answer(Response(Code, "[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]").Replace("\"id\"", "\"background\":true,\"id\"")));

        Assert.Equal(
            $"gpt-5.4 default free\n{Tokens} once(resp_1)\ngpt-5.4 default tool:code_interpreter:4g quantity=1 estimated {Once1}",
            Charge.Of((await rig.Journal.WaitAsync(2))[1]));
    }

    // Responses that run in it name it by its id, and say no size.
    [Theory]
    [InlineData("\"memory_limit\":\"16g\"", ":16g")]
    [InlineData("\"memory_limit\":\"1g\"", "")]
    [InlineData("\"memory_limit\":null", "")]
    public async Task Container_ThatIsMadeByItself_CountsUnderItsId(string memory, string size)
    {
        var record = await Charge.CallAsync(
            "POST /v1/containers", """{"name":"x","memory_limit":"16g"}""",
            $$"""{"id":"cntr_1","object":"container","created_at":1,"status":"running","expires_after":{"anchor":"last_active_at","minutes":20},{{memory}},"name":"x"}""");

        Assert.Equal($"- default free\n- default tool:code_interpreter{size} quantity=1 estimated {Once1}", Charge.Of(record));
    }

    // Responses that run in it don't count it by its id either.
    [Fact]
    public async Task Container_OfAServerWithOtherIds_CountsEachTime() => Assert.Equal(
        "- default tool:code_interpreter quantity=1 estimated",
        Charge.Of(await Charge.CallAsync("POST /v1/containers", "{}", """{"id":"1","object":"container"}""")));

    [Fact]
    public async Task Container_ThatIsNone_IsUnmetered() => Assert.Equal(
        "- default unmetered", Charge.Of(await Charge.CallAsync("POST /v1/containers", "{}", """{"ok":true}""")));

    [Theory]
    [InlineData("tool:shell:4g", "tool:code_interpreter")]
    [InlineData("tool:shell", "tool:code_interpreter")]
    [InlineData("tool:code_interpreter:64g", "tool:code_interpreter")]
    [InlineData("tool:web_search_preview", "tool:web_search")]
    [InlineData("tool:file_search", "tool:file_search")]
    [InlineData("tokens", "tokens")]
    public void Unit_WithoutVariant_IsWhatIsCounted(string unit, string expected) => Assert.Equal(expected, UsageUnit.WithoutVariant(unit));

    private static void Json(string output, string expected) => Cut.Anywhere(MeterKind.Response, Cut.Json, Response(output, "[]"), expected);

    private static string Response(string output, string tools)
        => $$"""{"id":"resp_1","object":"response","status":"completed","model":"gpt-5.4","output":[{{output}}],"tools":{{tools}},"usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7} }""";
}

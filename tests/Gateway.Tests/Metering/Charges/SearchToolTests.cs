using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Tests.Answers;

namespace OpenAIProxy.Gateway.Tests.Metering.Charges;

/// <summary>Which tool searched in the web: the items of an answer don't say it, its tools do, else those of the request.</summary>
public sealed class SearchToolTests
{
    private const string Tokens = "gpt-4.1 default tokens in=310 out=290";

    [Theory]
    [InlineData("web_search_preview", "web_search_preview")]
    [InlineData("web_search_preview_2025_03_11", "web_search_preview")]
    [InlineData("web_search", "web_search")]
    [InlineData("web_search_2025_08_26", "web_search")]
    public async Task Search_ByATool_IsOfItsUnit(string type, string unit)
    {
        var answered = await Charge.CallAsync("POST /v1/responses", Request(""), Response(Tools(type)));
        var asked = await Charge.CallAsync("POST /v1/responses", Request(Tools(type)), Response("\"tools\":[]"));
        var told = await Charge.CallAsync(
            "POST /v1/responses", Request(Tools(type)), Response("\"tool_usage\":{\"web_search\":{\"num_requests\":1} }"));

        Assert.All([answered, asked, told], record => Assert.Equal($"{Tokens}\ngpt-4.1 default tool:{unit} quantity=1", Charge.Of(record)));
    }

    [Theory]
    [InlineData("web_search_preview", "web_search", "web_search")]
    [InlineData("web_search", "web_search_preview", "web_search_preview")]
    public async Task Search_ByAToolThatTheAnswerNames_IsThatOne(string asked, string answered, string unit)
    {
        var record = await Charge.CallAsync("POST /v1/responses", Request(Tools(asked)), Response(Tools(answered)));

        Assert.Equal($"{Tokens}\ngpt-4.1 default tool:{unit} quantity=1", Charge.Of(record));
    }

    [Fact]
    public void Search_WhereBothToolsAre_IsByTheNewerOneAndMarked() => Cut.Anywhere(
        MeterKind.Response, Cut.Json, Response("\"tools\":[{\"type\":\"web_search_preview\"},{\"type\":\"web_search\"}]"),
        $"{Tokens}\ngpt-4.1 default tool:web_search quantity=1 estimated");

    [Fact]
    public void Stream_CutBeforeItsEnd_KnowsTheTool() => Cut.Anywhere(
        MeterKind.Response,
        Cut.Events,
        "data: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"model\":\"gpt-4.1\"," + Tools("web_search_preview") + "}}\n\n"
        + "data: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"web_search_call\"}}\n\n",
        "gpt-4.1 default tokens estimated\ngpt-4.1 default tool:web_search_preview quantity=1 cut");

    [Fact]
    public async Task BackgroundResponse_ThatIsPolled_KnowsTheTool()
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(
            MeteredRig.Post("POST /v1/responses", Request("\"background\":true," + Tools("web_search_preview"))),
            MeteredRig.Answer("""{"id":"resp_1","object":"response","status":"queued","background":true,"model":"gpt-4.1","usage":null}"""));
        await rig.ExchangeAsync(Rig.Request("GET /v1/responses/resp_1"), MeteredRig.Answer(Response("\"background\":true")));

        Assert.Equal(
            $"gpt-4.1 default free\n{Tokens} once(resp_1)\ngpt-4.1 default tool:web_search_preview quantity=1 once(resp_1 tool:web_search)",
            Charge.Of((await rig.Journal.WaitAsync(2))[1]));
    }

    [Fact]
    public async Task ResponseOverASocket_KnowsTheTool()
    {
        await using var socket = await ResponseSocket.StartAsync();
        await socket.SendAsync($$"""{"type":"response.create",{{Tools("web_search_preview")}},"model":"gpt-4.1","input":"x"}""");
        await socket.AnswerAsync($"{{\"type\":\"response.completed\",\"response\":{Response("\"tools\":[]")}}}");

        Assert.Equal($"{Tokens}\ngpt-4.1 default tool:web_search_preview quantity=1", Charge.Of(await socket.RecordAsync()));
    }

    private static string Tools(string type)
        => "\"tools\":[{\"type\":\"function\",\"name\":\"web_search\"},{\"search_context_size\":\"medium\",\"user_location\":null,\"type\":\"" + type + "\"}]";

    private static string Request(string members) => $$"""{"model":"gpt-4.1",{{members}}{{(members.Length > 0 ? "," : "")}}"input":"x"}""";

    private static string Response(string members)
        => $$"""{"id":"resp_1","object":"response","status":"completed","model":"gpt-4.1",{{members}},"output":[{"type":"web_search_call","action":{"type":"search"} }],"usage":{"input_tokens":310,"output_tokens":290,"total_tokens":600} }""";
}

using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Tests.Answers;

namespace OpenAIProxy.Gateway.Tests.Metering.Charges;

/// <summary>How long what is written to the cache lives: the usage's split, else what the answer repeats, else what was asked for, else 30 minutes.</summary>
public sealed class CacheLifetimeTests
{
    private const string Written = "\"cache_write_tokens\":9000";
    private const string Split = Written + ",\"cache_write_tokens_details\":{\"ttl_30m_tokens\":4000,\"ttl_12h_tokens\":5000}";
    private const string Asks12h = ",\"prompt_cache_options\":{\"mode\":\"explicit\",\"ttl\":\"12h\"}";
    private const string Asks24h = ",\"prompt_cache_options\":{\"ttl\":\"24h\"}";
    private const string Asks30m = ",\"prompt_cache_options\":{\"ttl\":\"30m\"}";

    [Theory]
    [InlineData(Asks12h, "", Written, 9000)]
    [InlineData("", Asks12h, Written, 9000)]
    [InlineData(Asks30m, Asks12h, Written, 9000)]
    [InlineData(Asks12h, Asks30m, Written, 0)]
    [InlineData(Asks12h, Asks12h, Split, 5000)]
    [InlineData("", "", Split, 5000)]
    [InlineData("", "", Written, 0)]
    [InlineData(",\"metadata\":{\"prompt_cache_options\":{\"ttl\":\"12h\"} }", "", Written, 0)]
    [InlineData(Asks12h, "", "\"cache_write_tokens\":0", 0)]
    public async Task Response_WithCacheWrites_TellsHowManyLive12Hours(string asked, string answered, string written, int expected)
    {
        var record = await Charge.CallAsync(
            "POST /v1/responses", $$"""{"model":"gpt-6.1-terra","input":"x"{{asked}} }""", Response(answered, $$"""{"cached_tokens":0,{{written}} }"""));

        var all = written.EndsWith(":0", StringComparison.Ordinal) ? "" : " written=9000";
        Assert.Equal(
            $"gpt-6.1-terra default tokens in=10000{all}{(expected == 0 ? "" : $" written12h={expected}")} out=10", Charge.Of(record));
    }

    [Theory]
    [InlineData("\"cache_write_tokens_details\":{\"ttl_12h_tokens\":9000}", "written=9000 written12h=9000 out=10")]
    [InlineData("\"cache_write_tokens\":9000,\"cache_write_tokens_details\":{\"ttl_30m_tokens\":2000}", "written=9000 written12h=7000 out=10")]
    [InlineData("\"cache_write_tokens_details\":{\"ttl_12h_tokens\":2000},\"cache_write_tokens\":9000", "written=9000 written12h=2000 out=10")]
    [InlineData("\"cache_write_tokens\":90000,\"cache_write_tokens_details\":{\"ttl_12h_tokens\":90000}", "written=10000 written12h=10000 out=10 estimated")]
    [InlineData("\"cache_write_tokens_details\":{\"ttl_12h_tokens\":90000}", "written=10000 written12h=10000 out=10 estimated")]
    [InlineData("\"cache_write_tokens\":9000,\"cache_write_tokens_details\":null", "written=9000 out=10")]
    public void Split_WithHoles_AddsUp(string written, string expected) => Cut.Anywhere(
        MeterKind.Response, Cut.Json, Response("", "{" + written + "}"), $"gpt-6.1-terra default tokens in=10000 {expected}");

    // It counts as 30 minutes, and may be worth more.
    [Theory]
    [InlineData(Asks24h, "", Written, " written=9000 out=10 estimated")]
    [InlineData(Asks12h, Asks24h, Written, " written=9000 out=10 estimated")]
    [InlineData(Asks24h, Asks12h, Written, " written=9000 written12h=9000 out=10")]
    [InlineData(Asks24h, "", Split, " written=9000 written12h=5000 out=10")]
    [InlineData(Asks24h, "", "\"cache_write_tokens\":0", " out=10")]
    [InlineData(",\"prompt_cache_options\":{\"ttl\":null}", "", Written, " written=9000 out=10")]
    public async Task Response_WithALifetimeThatNobodyKnows_IsMarked(string asked, string answered, string written, string expected)
    {
        var record = await Charge.CallAsync(
            "POST /v1/responses", $$"""{"model":"gpt-6.1-terra","input":"x"{{asked}} }""", Response(answered, $$"""{"cached_tokens":0,{{written}} }"""));

        Assert.Equal($"gpt-6.1-terra default tokens in=10000{expected}", Charge.Of(record));
    }

    // A chat's usage has no split, and its answer repeats nothing.
    [Theory]
    [InlineData(Asks12h, " written12h=9000")]
    [InlineData(Asks30m, "")]
    [InlineData("", "")]
    public async Task Chat_WithCacheWrites_TellsHowManyLive12Hours(string asked, string expected)
    {
        var record = await Charge.CallAsync(
            MeteredRig.Chat, $$"""{"model":"gpt-6.1-terra"{{asked}},"messages":[]}""",
            $$$"""{"id":"c","object":"chat.completion","model":"gpt-6.1-terra","choices":[],"usage":{"prompt_tokens":10000,"completion_tokens":10,"prompt_tokens_details":{{{{Written}}}} } }""");

        Assert.Equal($"gpt-6.1-terra default tokens in=10000 written=9000{expected} out=10", Charge.Of(record));
    }

    [Fact]
    public async Task ChatStream_WithCacheWrites_TellsHowManyLive12Hours()
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, $$"""{"model":"gpt-6.1-terra","stream":true,"messages":[]{{Asks12h}} }"""),
            MeteredRig.Chunked(
                "data: {\"model\":\"gpt-6.1-terra\",\"choices\":[],\"usage\":{\"prompt_tokens\":10000,\"completion_tokens\":10,\"prompt_tokens_details\":{"
                + Written + "}}}\n\ndata: [DONE]\n\n"));

        Assert.Equal("gpt-6.1-terra default tokens in=10000 written=9000 written12h=9000 out=10", Charge.Of(await rig.RecordAsync()));
    }

    [Fact]
    public async Task ResponseOverASocket_WithCacheWrites_TellsHowManyLive12Hours()
    {
        await using var socket = await ResponseSocket.StartAsync();
        await socket.SendAsync($$"""{"type":"response.create","model":"gpt-6.1-terra","input":"x"{{Asks12h}} }""");
        await socket.AnswerAsync($"{{\"type\":\"response.completed\",\"response\":{Response("", "{" + Written + "}")}}}");

        Assert.Equal("gpt-6.1-terra default tokens in=10000 written=9000 written12h=9000 out=10", Charge.Of(await socket.RecordAsync()));
    }

    [Fact]
    public async Task BackgroundResponse_ThatIsPolled_LivesAsLongAsWasAskedFor()
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(
            MeteredRig.Post("POST /v1/responses", $$"""{"model":"gpt-6.1-terra","background":true,"input":"x"{{Asks12h}} }"""),
            MeteredRig.Answer("""{"id":"resp_1","object":"response","status":"queued","background":true,"model":"gpt-6.1-terra","usage":null}"""));
        await rig.ExchangeAsync(
            Rig.Request("GET /v1/responses/resp_1"), MeteredRig.Answer(Response(",\"background\":true", "{" + Written + "}")));

        var records = await rig.Journal.WaitAsync(2);
        Assert.Equal(
            "gpt-6.1-terra default free\ngpt-6.1-terra default tokens in=10000 written=9000 written12h=9000 out=10 once(resp_1)", Charge.Of(records[1]));
    }

    [Fact]
    public void Batch_WithASplit_TellsHowManyLive12Hours() => Cut.Anywhere(
        MeterKind.Batch, Cut.Json,
        $$$"""{"id":"batch_1","object":"batch","model":"m","status":"completed","usage":{"input_tokens":10000,"input_tokens_details":{{{{Split}}}},"output_tokens":10} }""",
        "m batch free\nm batch tokens in=10000 written=9000 written12h=5000 out=10 once(batch_1)");

    private static string Response(string members, string details)
        => $$"""{"id":"resp_1","object":"response","status":"completed","model":"gpt-6.1-terra"{{members}},"usage":{"input_tokens":10000,"input_tokens_details":{{details}},"output_tokens":10,"total_tokens":10010} }""";
}

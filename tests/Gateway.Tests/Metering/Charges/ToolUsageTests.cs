using OpenAIProxy.Contracts;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Sockets;
using OpenAIProxy.Usage.Tests.Answers;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.Gateway.Tests.Metering.Charges;

/// <summary>What a response says that its hosted tools used, beside its usage.</summary>
public sealed class ToolUsageTests
{
    private const string Usage = "\"usage\":{\"input_tokens\":2000,\"output_tokens\":60,\"total_tokens\":2060}";

    private const string Images =
        """
        "image_gen":{"input_tokens":40,"input_tokens_details":{"text_tokens":40,"image_tokens":0},"output_tokens":1056,
        "output_tokens_details":{"text_tokens":0,"image_tokens":1056},"total_tokens":1096,"cached_tokens":0,
        "cached_tokens_details":{"cached_text_tokens":0,"cached_image_tokens":0} }
        """;

    private const string NoImages =
        """
        "image_gen":{"input_tokens":0,"input_tokens_details":{"image_tokens":0,"text_tokens":0},"output_tokens":0,
        "output_tokens_details":{"image_tokens":0,"text_tokens":0},"total_tokens":0}
        """;

    private const string ToolUsage = "\"tool_usage\":{" + Images + ",\"web_search\":{\"num_requests\":0} }";

    private const string Tokens = "gpt-5.4 default tokens in=2000 out=60";

    private const string Lines = Tokens + "\ngpt-image-1 default tokens in=40 out=1056 imageout=1056";

    private const string Assumed = Tokens + "\ngpt-image-2.6-sunburst default tokens in=40 out=1056 imageout=1056 estimated";

    private const string Answered = "\"tools\":[{\"type\":\"function\",\"model\":\"x\"},{\"type\":\"image_generation\",\"model\":\"gpt-image-1\"}]";

    private const string NotAnswered = "\"tools\":[{\"type\":\"image_generation\",\"size\":\"auto\"}]";

    private const string Request = """{"model":"gpt-5.4","input":"a cat","tools":[]}""";

    private const string Naming = """{"model":"gpt-5.4","tools":[{"type":"web_search"},{"model":"gpt-image-1","type":"image_generation"}],"input":"a cat"}""";

    [Theory]
    [InlineData(Request, Answered, Lines, 0.04834)]
    [InlineData(Naming, NotAnswered, Lines, 0.04834)]
    [InlineData(Naming, "\"x\":1", Lines, 0.04834)]
    [InlineData(Request, NotAnswered, Assumed, null)]
    public async Task Images_OfAResponse_AreChargedAsTokensOfTheirOwnModel(string request, string tools, string lines, double? dollars)
    {
        var record = await Charge.CallAsync("POST /v1/responses", request, Response(tools + "," + ToolUsage));

        Assert.Equal(lines, Charge.Of(record));
        if (dollars is { } sum)
        {
            Charge.Is(lines, (decimal)sum, record);
        }
    }

    [Fact]
    public async Task Images_OfAStream_AreChargedTheSame()
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(
            MeteredRig.Post("POST /v1/responses", Naming.Replace("\"input\"", "\"stream\":true,\"input\"")),
            MeteredRig.Chunked($"event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{OnOneLine(Response(NotAnswered + "," + ToolUsage))}}}\n\n"));

        Charge.Is(Lines, 0.04834m, await rig.RecordAsync());
    }

    [Fact]
    public async Task Images_OfABackgroundResponse_AreChargedOnceByItsId()
    {
        var record = await Charge.CallAsync("GET /v1/responses/resp_1", "", Response("\"background\":true," + Answered + "," + ToolUsage));

        Charge.Is(
            "gpt-5.4 default free\n" + Lines.Replace("out=60", "out=60 once(resp_1)") + " once(resp_1 image_generation)", 0.04834m, record);
    }

    [Fact]
    public async Task Images_OfAResponseOverASocket_AreChargedTheSame()
    {
        await using var socket = await ResponseSocket.StartAsync();

        await socket.SendAsync("""{"type":"response.create",""" + Naming[1..]);
        await socket.AnswerAsync($"{{\"type\":\"response.completed\",\"response\":{Response(NotAnswered + "," + ToolUsage)}}}");

        Charge.Is(Lines, 0.04834m, await socket.RecordAsync());
    }

    /// <summary>A model that the price book doesn't know must not get the price of the one that was asked for.</summary>
    [Fact]
    public async Task Images_OfAModel_HaveNothingToDoWithTheModelAskedFor()
    {
        var record = await Charge.CallAsync("POST /v1/responses", Request, Response(Answered.Replace("gpt-image-1", "gpt-image-9") + "," + ToolUsage));
        var builder = new BatchBuilder();
        builder.Add(record);

        var row = builder.Build(Guid.Empty).Rows[1].What;
        Assert.Equal(("gpt-image-9", "", ServiceTier.Default), (row.Model, row.RequestedModel, row.Tier));
        Assert.True(Charge.Dollars(record).IsUnpriced);
    }

    [Fact]
    public void Transcription_InASession_HasNothingToDoWithTheModelOfTheSession()
    {
        UsageLine? line = null;
        var meter = SocketMeter.Create(MeterKind.Realtime, new RequestFacts(), TimeProvider.System, (usage, _) => line = usage.Lines[0]);
        meter.Observe(
            fromClient: false, """{"type":"session.created","session":{"model":"gpt-realtime","audio":{"input":{"transcription":{"model":"x-transcribe"}}}}}"""u8, isEnd: true);
        meter.Observe(
            fromClient: false, """{"type":"conversation.item.input_audio_transcription.completed","usage":{"input_tokens":14,"output_tokens":4}}"""u8, isEnd: true);

        Assert.Equal(("x-transcribe", true), (line!.Model, line.IsOfAnotherModel));
    }

    [Theory]
    [InlineData("""{"input_tokens":40,"output_tokens":1056}""", "in=40 out=1056 imageout=1056")]
    [InlineData("""{"input_tokens":40,"output_tokens":1056,"output_tokens_details":{"text_tokens":56} }""", "in=40 out=1056 imageout=1000")]
    [InlineData("""{"output_tokens_details":{"image_tokens":1000,"text_tokens":56},"output_tokens":1056,"input_tokens":40}""", "in=40 out=1056 imageout=1000")]
    [InlineData(
        """{"input_tokens":900,"input_tokens_details":{"text_tokens":100,"image_tokens":800},"output_tokens":9,"cached_tokens":700,"cached_tokens_details":{"cached_text_tokens":60,"cached_image_tokens":640} }""",
        "in=900 cached=700 image=800 cachedimage=640 out=9 imageout=9")]
    [InlineData("""{"input_tokens":40,"cached_tokens":50,"output_tokens":9}""", "in=40 cached=40 out=9 imageout=9 estimated")]
    [InlineData("""{"input_tokens":40,"output_tokens":9,"output_tokens_details":{"text_tokens":10} }""", "in=40 out=9 estimated")]
    [InlineData("""{"input_tokens":40,"output_tokens":9,"output_tokens_details":{"image_tokens":10} }""", "in=40 out=9 imageout=9 estimated")]
    public void Images_ByKindOfTokens_AreRead(string usage, string expected) => Json(
        $"{Answered},\"tool_usage\":{{\"image_gen\":{usage} }}", $"{Tokens}\ngpt-image-1 default tokens {expected}");

    [Fact]
    public void Images_ThatAreNotTold_HaveNoPrice() => Json(
        Answered + ",\"output\":[{\"type\":\"image_generation_call\"}],\"tool_usage\":{" + NoImages + "}",
        Tokens + "\ngpt-5.4 default tool:image_generation quantity=1");

    [Fact]
    public void Images_OfAResponseThatFailed_AreChargedAllTheSame() => Cut.Anywhere(
        MeterKind.Response, Cut.Json, Response(Answered + "," + ToolUsage).Replace("completed", "failed").Replace(Usage, "\"usage\":null"),
        "gpt-5.4 default free\ngpt-image-1 default tokens in=40 out=1056 imageout=1056 error");

    // Three calls, of which one opened a page.
    private const string Calls =
        """
        "output":[{"type":"web_search_call","action":{"type":"search"} },{"type":"web_search_call","action":{"type":"open_page"} },{"type":"web_search_call"}]
        """;

    [Theory]
    [InlineData("\"tool_usage\":{\"web_search\":{\"num_requests\":1},\"image_gen\":null}", " quantity=1")]
    [InlineData("\"tool_usage\":{\"web_search\":{\"num_requests\":0} }", null)]
    [InlineData("\"tool_usage\":{\"web_search\":{ } }", " quantity=2")]
    [InlineData("\"tool_usage\":{\"web_search\":null}", " quantity=2")]
    [InlineData("\"tool_usage\":null", " quantity=2")]
    public void Searches_AreThoseTold_ElseThoseSeen(string toolUsage, string? calls) => Json(
        $"{Calls},{toolUsage}", calls is null ? Tokens : $"{Tokens}\ngpt-5.4 default tool:web_search{calls}");

    [Fact]
    public async Task Searches_OpeningAndFindingInPages_AreFree()
    {
        var record = await Charge.CallAsync(
            "POST /v1/responses",
            """{"model":"gpt-4.1-mini","input":"x","tools":[{"type":"web_search"}]}""",
            """
            {"id":"resp_1","object":"response","status":"completed","model":"gpt-4.1-mini","tools":[{"type":"web_search"}],
             "output":[{"type":"web_search_call","status":"completed","action":{"type":"search","query":"x"}},
              {"type":"web_search_call","status":"completed","action":{"type":"open_page","url":"x"}},
              {"type":"web_search_call","status":"completed","action":{"type":"find_in_page","url":"x","pattern":"y"}}],
             "usage":{"input_tokens":310,"output_tokens":290,"total_tokens":600}}
            """);

        Assert.Equal("gpt-4.1-mini default tokens in=310 out=290\ngpt-4.1-mini default tool:web_search quantity=1", Charge.Of(record));
    }

    // What a response says at its beginning is zero, since it is not known yet.
    [Fact]
    public void Stream_CutBeforeItsEnd_CountsTheSearchesThatPassed() => Cut.Anywhere(
        MeterKind.Response,
        Cut.Events,
        "data: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_progress\",\"model\":\"gpt-5.4\","
        + "\"tool_usage\":{\"web_search\":{\"num_requests\":0} } } }\n\n"
        + "data: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"web_search_call\",\"action\":{\"type\":\"search\"} } }\n\n",
        "gpt-5.4 default tokens in=7 estimated\ngpt-5.4 default tool:web_search quantity=1 cut",
        new RequestFacts { InputEstimate = 7 });

    private static void Json(string members, string expected) => Cut.Anywhere(MeterKind.Response, Cut.Json, Response(members), expected);

    private static string Response(string members)
        => $$"""{"id":"resp_1","object":"response","status":"completed","model":"gpt-5.4","service_tier":"default",{{members}},{{Usage}} }""";

    private static string OnOneLine(string json) => json.ReplaceLineEndings(" ");
}

using System.Text.Json;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>A stream is written down as one answer, and how it ended.</summary>
public sealed class StreamTests
{
    private const string Request = """{"model":"gpt-4o-mini","stream":true,"messages":[]}""";
    private const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Hel = "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hel\"},\"finish_reason\":null}],\"usage\":null}\n\n";
    private const string Lo = "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n";
    private const string Usage = "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":3}}\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task ChatStream_IsJoined_WithTheUsageThatOnlyTheGatewayAskedFor()
    {
        await using var rig = await ChatLogRig.StartAsync();

        var (_, answer) = await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Request), MeteredRig.Chunked(Hel + Lo + Usage + Done));

        Assert.DoesNotContain("prompt_tokens", answer.Text, StringComparison.Ordinal);
        var line = await rig.LineAsync();
        Assert.True(line.GetProperty("stream").GetBoolean());
        Assert.Equal("complete", line.GetProperty("end").GetString());
        Assert.Equal(Request, line.GetProperty("request").GetRawText());
        Assert.Equal(
            """{"id":"c1","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":2,"completion_tokens":3}}""",
            line.GetProperty("answer").GetRawText());
    }

    [Fact]
    public async Task ResponseStream_IsTheResponseOfItsLastEvent()
    {
        const string stream = """
            event: response.created
            data: {"type":"response.created","response":{"id":"r1","status":"in_progress","output":[]}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hi"}

            event: response.completed
            data: {"type":"response.completed","response":{"id":"r1","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":1,"output_tokens":1}}}


            """;
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post("POST /v1/responses", """{"model":"gpt-4o-mini","stream":true,"input":"x"}"""), MeteredRig.Chunked(stream.ReplaceLineEndings("\n")));

        Assert.Equal(
            """{"id":"r1","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":1,"output_tokens":1}}""",
            (await rig.LineAsync()).GetProperty("answer").GetRawText());
    }

    [Fact]
    public async Task Client_LeavingInMidStream_LeavesWhatCame()
    {
        await using var rig = await ChatLogRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await using var upstream = await BeginAsync(rig, client);

        client.Reset();

        var line = await rig.LineAsync();
        Assert.Equal(("client_left", 200), (line.GetProperty("end").GetString(), line.GetProperty("status").GetInt32()));
        Assert.Equal("Hel", ContentOf(line));
        Assert.Equal((await rig.Metered.RecordAsync()).Id, line.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Client_LeavingBehindTheEndMark_HasTheWholeAnswer()
    {
        await using var rig = await ChatLogRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await using var upstream = await BeginAsync(rig, client);
        await upstream.SendChunkAsync(Lo + Done);
        Assert.Contains("[DONE]", System.Text.Encoding.UTF8.GetString(await client.ReadChunkAsync()), StringComparison.Ordinal);

        client.Reset();

        var line = await rig.LineAsync();
        Assert.Equal(("complete", "Hello"), (line.GetProperty("end").GetString(), ContentOf(line)));
    }

    [Fact]
    public async Task Client_LeavingWhileItIsDrained_IsLoggedOnce()
    {
        await using var rig = await ChatLogRig.StartAsync(("Metering:OnClientAbort", "Drain"));
        await using var client = await rig.Gateway.ConnectAsync();
        await using var upstream = await BeginAsync(rig, client);

        client.Reset();
        var line = await rig.LineAsync();
        await upstream.SendChunkAsync(Lo + Usage + Done);
        await upstream.SendChunkAsync("");

        var record = await rig.Metered.RecordAsync();
        Assert.Equal(record.Id, line.GetProperty("id").GetGuid());
        await rig.Gateway.StopAsync();
        Assert.Equal("client_left", (await rig.LineAsync()).GetProperty("end").GetString());
    }

    [Fact]
    public async Task Upstream_BreakingInMidStream_LeavesWhatCame()
    {
        await using var rig = await ChatLogRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        var upstream = await BeginAsync(rig, client);

        upstream.Reset();

        var line = await rig.LineAsync();
        Assert.Equal(("upstream_broke", "Hel"), (line.GetProperty("end").GetString(), ContentOf(line)));
    }

    [Fact]
    public async Task StreamThatNobodyKnows_IsTheListOfItsEvents()
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post("POST /v1/images/generations", """{"model":"gpt-image-1","stream":true,"prompt":"x"}"""),
            MeteredRig.Chunked("data: {\"type\":\"image_generation.partial_image\",\"n\":1}\n\ndata: no JSON\n\n"));

        Assert.Equal("""[{"type":"image_generation.partial_image","n":1},"no JSON"]""", (await rig.LineAsync()).GetProperty("answer").GetRawText());
    }

    [Theory]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\ud83d\"}}]}")]
    [InlineData("{\"type\":\"response.output_text.delta\",\"delta\":\"\\ud83d\"}")]
    [InlineData("{\"type\":\"other\",\"text\":\"\\ud83d\"}")]
    public async Task StreamWithHalfACharacter_IsATextAsItCame(string data)
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Request), MeteredRig.Chunked($"data: {data}\n\n" + Done));

        var line = await rig.LineAsync();
        Assert.Equal("complete", line.GetProperty("end").GetString());
        var answer = line.GetProperty("answer").ToString();
        Assert.Contains(data, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LongStream_IsCutAndMarked()
    {
        var word = Lo.Replace("\"stop\"", "null", StringComparison.Ordinal);
        await using var rig = await ChatLogRig.StartAsync(("ChatLog:MaxBodyBytes", "1KB"));

        await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Request), MeteredRig.Chunked(string.Concat(Enumerable.Repeat(word, 200)) + Done));

        var line = await rig.LineAsync();
        Assert.True(line.GetProperty("answer_truncated").GetBoolean());
        Assert.StartsWith("lololo", ContentOf(line), StringComparison.Ordinal);
        Assert.Equal("complete", line.GetProperty("end").GetString());
    }

    private static string? ContentOf(JsonElement line)
        => line.GetProperty("answer").GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

    private static async Task<RawConnection> BeginAsync(ChatLogRig rig, RawConnection client)
    {
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Request));
        var upstream = await rig.Upstream.AcceptAsync();
        await upstream.ReadMessageAsync();
        await upstream.SendAsync(StreamHead);
        await upstream.SendChunkAsync(Hel);
        await client.ReadHeadAsync();
        await client.ReadChunkAsync();
        return upstream;
    }
}

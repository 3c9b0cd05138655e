using System.Text;
using OpenAIProxy.Usage.Tests.Decoding;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>Usage is asked for where the client doesn't say, and what comes of it is seen by the gateway alone.</summary>
public sealed class AskForUsageTests
{
    private const string Body = """{"model":"gpt-4o-mini","stream":true,"messages":[]}""";
    private const string Asked = """{"model":"gpt-4o-mini","stream":true,"messages":[],"stream_options":{"include_usage":true}}""";
    private const string Words = "data: {\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{\"delta\":{\"content\":\"hi\"}}],\"usage\":null}\n\n";
    private const string Usage = "data: {\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":5,\"total_tokens\":25}}\n\n";
    private const string Done = "data: [DONE]\n\n";

    public static TheoryData<string> Said =>
    [
        """{"model":"gpt-4o-mini","stream":true,"stream_options":{"include_usage":true}}""",
        """{"model":"gpt-4o-mini","stream":true,"stream_options":{"include_usage":false}}""",
    ];

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/completions")]
    [InlineData("/openai/deployments/d/chat/completions")]
    public async Task Stream_WithoutTheWish_IsAskedAndLosesTheExtraChunk(string path)
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, answer) = await rig.ExchangeAsync(
            MeteredRig.Post($"POST {path}", Body, "Accept-Encoding: gzip, br"), MeteredRig.Chunked(Words + Usage + Done));

        Assert.Equal(Asked, request.Text);
        Assert.Equal($"{Asked.Length}", request.Head["Content-Length"]);
        Assert.Equal("identity", request.Head["Accept-Encoding"]);
        Assert.Equal(Words + Done, answer.Text);
        var record = await rig.RecordAsync();
        Assert.Equal((20, 5, false, false), (record.Lines[0].Counts.Input, record.Lines[0].Counts.Output, record.Lines[0].Estimated, record.IsCut));
        Assert.Equal("gpt-4o-mini", record.RequestedModel);
    }

    [Theory]
    [MemberData(nameof(Said))]
    public async Task Stream_WhoseClientSaidIt_PassesUntouched(string body)
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, answer) = await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, body, "Accept-Encoding: gzip, br"), MeteredRig.Chunked(Words + Usage + Done));

        Assert.Equal(body, request.Text);
        Assert.Equal("gzip, br", request.Head["Accept-Encoding"]);
        Assert.Equal(Words + Usage + Done, answer.Text);
        Assert.Equal(20, (await rig.RecordAsync()).Lines[0].Counts.Input);
    }

    [Theory]
    [InlineData("""{"stream":true,"stream_options":null,"model":"m"}""", """{"stream":true,"stream_options":{"include_usage":true},"model":"m"}""")]
    [InlineData("""{"stream_options" : null , "model":"m","stream":true}""", """{"stream_options" : {"include_usage":true} , "model":"m","stream":true}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":null}""", """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":null,"x":1},"n":1}""", """{"stream":true,"stream_options":{"include_usage":true,"x":1},"n":1}""")]
    public async Task Stream_WhoseClientSaidNull_IsAsked(string body, string asked)
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, answer) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, body), MeteredRig.Chunked(Words + Usage + Done));

        Assert.Equal(asked, request.Text);
        Assert.Equal($"{asked.Length}", request.Head["Content-Length"]);
        Assert.Equal(Words + Done, answer.Text);
        Assert.Equal((20, false), ((await rig.RecordAsync()).Lines[0].Counts.Input, (await rig.RecordAsync()).Lines[0].Estimated));
    }

    [Theory]
    [InlineData(100, "")]
    [InlineData(300_000, "")]
    [InlineData(300_000, "Expect: 100-continue\r\n")]
    [InlineData(3_000_000, "")]
    public async Task Stream_WhoseClientSaidNull_IsAskedWithItsLengthWhateverItsSize(int length, string head)
    {
        await using var rig = await MeteredRig.StartAsync();
        var messages = "\"messages\":[{\"content\":\"" + new string('x', length) + "\"}]";
        foreach (var form in (string[])[$$"""{"stream":true,"stream_options":{0},{{messages}}}""", $$$"""{{{{messages}}},"stream_options":{"include_usage":{1}},"stream":true}"""])
        {
            var body = form.Replace("{0}", "null", StringComparison.Ordinal).Replace("{1}", "null", StringComparison.Ordinal);
            var asked = form.Replace("{0}", """{"include_usage":true}""", StringComparison.Ordinal).Replace("{1}", "true", StringComparison.Ordinal);
            await using var client = await rig.Gateway.ConnectAsync();
            var sending = client.SendAsync(Rig.Request(MeteredRig.Chat, $"{head}Content-Length: {body.Length}") + body);

            var request = await rig.Upstream.AnswerAsync(MeteredRig.Chunked(Words + Usage + Done));

            await sending;
            Assert.Equal((asked, $"{asked.Length}", null), (request.Text, request.Head["Content-Length"], request.Head["Transfer-Encoding"]));
            if (head.Length == 0)
            {
                Assert.Equal(Words + Done, (await client.ReadMessageAsync()).Text);
            }
        }
    }

    [Fact]
    public async Task Stream_WithAskingOff_PassesUntouched()
    {
        await using var rig = await MeteredRig.StartAsync(("Metering:AskForUsage", "false"));

        var (request, answer) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body), MeteredRig.Chunked(Words + Usage + Done));

        Assert.Equal(Body, request.Text);
        Assert.Equal(Words + Usage + Done, answer.Text);
        await rig.RecordAsync();
    }

    [Theory]
    [InlineData("POST /v1/responses", Body, "")]
    [InlineData(MeteredRig.Chat, """{"model":"gpt-4o-mini","stream":false}""", "")]
    [InlineData(MeteredRig.Chat, """{"stream":true,"x":}""", "")]
    [InlineData(MeteredRig.Chat, """{"stream":true,}""", "")]
    [InlineData(MeteredRig.Chat, """{"stream":true} {}""", "")]
    [InlineData(MeteredRig.Chat, """{"stream":true,"stream_options":{},"stream_options":{}}""", "")]
    [InlineData(MeteredRig.Chat, """{"stream":false,"stream_options":null}""", "")]
    [InlineData(MeteredRig.Chat, """{"stream":true,"stream_options":null,"stream_options":{}}""", "")]
    [InlineData(MeteredRig.Chat, """{"stream":true,"stream_options":{},"stream_options":null}""", "")]
    [InlineData(MeteredRig.Chat, """{"stream":true,"stream_options":nul}""", "")]
    [InlineData(MeteredRig.Chat, Body, "Content-Encoding: gzip")]
    public async Task Body_ThatIsNoSuchStream_PassesUntouched(string target, string body, string header)
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(
            MeteredRig.Post(target, body, header.Length > 0 ? [header, "Accept-Encoding: gzip"] : ["Accept-Encoding: gzip"]), Rig.Ok);

        Assert.Equal(body, request.Text);
        Assert.Equal($"{body.Length}", request.Head["Content-Length"]);
        Assert.Equal("gzip", request.Head["Accept-Encoding"]);
        await rig.RecordAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_OfSomeSize_IsAsked(bool chunked)
    {
        await using var rig = await MeteredRig.StartAsync();
        var body = $$"""{"stream":true,"model":"gpt-4o-mini","messages":[{"content":"{{new string('x', 300_000)}}"}]}""";
        var asked = body[..^1] + ",\"stream_options\":{\"include_usage\":true}}";
        await using var client = await rig.Gateway.ConnectAsync();
        var upstream = rig.Upstream.AnswerAsync(MeteredRig.Chunked(Words + Usage + Done));

        await client.SendAsync(Rig.Request(MeteredRig.Chat, chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}"));
        if (chunked)
        {
            await client.SendChunkAsync(body);
            await client.SendChunkAsync("");
        }
        else
        {
            await client.SendAsync(body);
        }

        Assert.Equal(asked, (await upstream).Text);
        Assert.Equal(Words + Done, (await client.ReadMessageAsync()).Text);
        var record = await rig.RecordAsync();
        Assert.Equal(("gpt-4o-mini", 20), (record.RequestedModel, record.Lines[0].Counts.Input));
    }

    [Fact]
    public async Task Body_ThatComesSlowly_IsAskedWithItsLength()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(MeteredRig.Chat, $"Content-Length: {Body.Length}") + Body[..10]);
        await rig.Gateway.Client.GetStringAsync("/healthz");
        await client.SendAsync(Body[10..]);

        var request = await rig.Upstream.AnswerAsync(MeteredRig.Chunked(Words + Usage + Done));

        Assert.Equal((Asked, $"{Asked.Length}"), (request.Text, request.Head["Content-Length"]));
        Assert.Equal(Words + Done, (await client.ReadMessageAsync()).Text);
        Assert.Equal(20, (await rig.RecordAsync()).Lines[0].Counts.Input);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw")]
    [InlineData("zstd")]
    public async Task Answer_CompressedAllTheSame_ReachesTheClientPlain(string encoding)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        var bytes = Coding.Encode(encoding, Encoding.UTF8.GetBytes(Words + Usage + Done));
        await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: {Coding.Name(encoding)}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n");
        await connection.SendAsync(bytes);

        var answer = await client.ReadMessageAsync();

        Assert.Null(answer.Head["Content-Encoding"]);
        Assert.Equal(Words + Done, answer.Text);
        Assert.Equal(20, (await rig.RecordAsync()).Lines[0].Counts.Input);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw")]
    [InlineData("zstd")]
    public async Task Answer_Compressed_IsMeteredAndPassesAsItIs(string encoding)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, """{"model":"gpt-4o-mini"}"""));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        var bytes = Coding.Encode(encoding, Encoding.UTF8.GetBytes("""{"model":"gpt-4o-mini","choices":[{"message":{"content":"hi"}}],"usage":{"prompt_tokens":20,"completion_tokens":5}}"""));
        await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {Coding.Name(encoding)}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        foreach (var b in bytes)
        {
            await connection.SendChunkAsync(new[] { b });
        }

        await connection.SendChunkAsync("");
        var answer = await client.ReadMessageAsync();

        Assert.Equal(Coding.Name(encoding), answer.Head["Content-Encoding"]);
        Assert.Equal(bytes, answer.Body);
        var record = await rig.RecordAsync();
        Assert.Equal((20, 5), (record.Lines[0].Counts.Input, record.Lines[0].Counts.Output));
    }

    [Fact]
    public async Task Stream_AskedFor_IsNotDelayed()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.ReadHeadAsync();

        await connection.SendChunkAsync(Words[..^8]);
        Assert.Equal(Words[..^8], Encoding.UTF8.GetString(await client.ReadChunkAsync()));
        await connection.SendChunkAsync(Words[^8..] + "data: {\"choices\":");
        Assert.Equal(Words[^8..], Encoding.UTF8.GetString(await client.ReadChunkAsync()));
        await connection.SendChunkAsync("[{}");
        Assert.Equal("data: {\"choices\":[{}", Encoding.UTF8.GetString(await client.ReadChunkAsync()));
    }

    [Fact]
    public async Task Stream_ThatBreaksWhileBytesWait_IsBrokenForTheClient()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        var head = await client.ReadHeadAsync();
        await connection.SendChunkAsync(Words + "data: {\"choices\":");
        Assert.Equal(Words, Encoding.UTF8.GetString(await client.ReadChunkAsync()));
        await connection.DisposeAsync();

        var rest = await client.ReadBodyAsync(head);

        // The last bytes before a break may or may not arrive, as without metering.
        Assert.StartsWith(rest.Text, "data: {\"choices\":", StringComparison.Ordinal);
        Assert.NotEqual(RawEnd.Complete, rest.End);
        Assert.True((await rig.RecordAsync()).IsCut);
    }
}

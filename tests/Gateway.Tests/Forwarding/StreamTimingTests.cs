using System.Net;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>What the upstream has sent is with the client before the upstream sends more: each step waits for the one before.</summary>
public class StreamTimingTests : RigTest
{
    public StreamTimingTests()
    {
    }

    protected StreamTimingTests(bool isMetered, params (string, string)[] settings)
        : base(isMetered, settings)
    {
    }

    private const string StreamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Head_WithoutAnyBody_ReachesClientAtOnce()
    {
        var call = Rig.StartStreamAsync();
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);

        using var answer = await call;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["no"], answer.Headers.GetValues("X-Accel-Buffering"));
        await connection.SendChunkAsync("");
        Assert.Equal("", await answer.Content.ReadAsStringAsync().Guarded());
    }

    [Fact]
    public async Task Head_OfAJsonAnswer_ReachesClientAtOnce()
    {
        var call = Rig.StartRequestAsync(HttpMethod.Get, "/v1/models");
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");

        using var answer = await call;

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        await connection.SendAsync("{}");
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync().Guarded());
    }

    [Fact]
    public async Task EachByte_OfAStream_ReachesClientBeforeTheNextIsSent()
    {
        var call = Rig.StartStreamAsync();
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        using var answer = await call;
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[100];

        foreach (var piece in "data: {\"x\":\"😀\"}\n\ndata: [DONE]\n\n"u8.ToArray())
        {
            await connection.SendChunkAsync(new[] { piece });
            Assert.Equal(1, await body.ReadAsync(buffer).Guarded());
            Assert.Equal(piece, buffer[0]);
        }

        await connection.SendChunkAsync("");
        Assert.Equal(0, await body.ReadAsync(buffer).Guarded());
    }

    [Fact]
    public async Task FirstByte_OfABodyWithLength_ReachesClientBeforeTheSecondIsSent()
    {
        var call = Rig.StartRequestAsync(HttpMethod.Get, "/v1/files/file-1/content");
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 2\r\nConnection: close\r\n\r\na");
        using var answer = await call;
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[100];

        Assert.Equal(1, await body.ReadAsync(buffer).Guarded());
        await connection.SendAsync("b");
        Assert.Equal(1, await body.ReadAsync(buffer).Guarded());
        Assert.Equal(0, await body.ReadAsync(buffer).Guarded());
    }

    [Fact]
    public async Task HeadAndFirstEvent_SentTogether_BothReachClientAtOnce()
    {
        var call = Rig.StartStreamAsync();
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead + "9\r\ndata: 1\n\n\r\n");
        using var answer = await call;
        await using var body = await answer.Content.ReadAsStreamAsync();

        await body.ReadExactlyAsync(new byte[9]).Guarded();

        await connection.SendChunkAsync("");
    }

    [Fact]
    public async Task RequestBody_EachPart_ReachesUpstreamBeforeTheNextIsSent()
    {
        // Parts this large: a client handler may hold back a few kilobytes to fill a packet.
        var part = new byte[256 * 1024];
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/audio/transcriptions", $"Content-Length: {4 * part.Length}"));
        // The upstream is called when there is something to send.
        var sending = client.SendAsync(part);
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadHeadAsync();

        for (var i = 0; i < 4; i++)
        {
            await (i == 0 ? sending : client.SendAsync(part));
            await connection.ReadExactlyAsync(i == 0 ? part.Length - (16 * 1024) : part.Length);
        }

        await connection.ReadExactlyAsync(16 * 1024);
        await connection.SendAsync(Rig.Ok);
        Assert.Equal(200, (await client.ReadHeadAsync()).Status);
    }
}

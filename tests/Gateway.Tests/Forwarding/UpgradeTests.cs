using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Only an offered WebSocket is one; any other offer to change the protocol is this hop's, and the request a request.</summary>
public sealed class UpgradeTests
{
    private const string Answer = """
        {"id":"resp_1","object":"response","status":"completed","model":"gpt-5","background":true,"output":[],"usage":{"input_tokens":3,"output_tokens":4}}
        """;

    [Theory]
    [InlineData("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA")]
    [InlineData("Connection: upgrade", "Upgrade: TLS/1.0")]
    [InlineData("Connection: Upgrade", "Upgrade: h2c, TLS/1.3")]
    [InlineData("Connection: Upgrade", "Upgrade: SPDY/3.1")]
    [InlineData("Connection: Upgrade", "Upgrade: xwebsocket")]
    [InlineData("Connection: Upgrade")]
    [InlineData("Connection: keep-alive", "Upgrade: websocket")]
    public async Task Request_ThatOffersAnotherProtocol_IsCountedAsARequest(params string[] lines)
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, answer) = await rig.ExchangeAsync(
            Rig.Request("GET /v1/responses/resp_1", [$"Authorization: Bearer {Keys.Caller}", .. lines]), MeteredRig.Answer(Answer));

        Assert.Equal(200, answer.Head.Status);
        Assert.Null(request.Head["Upgrade"]);
        Assert.Null(request.Head["HTTP2-Settings"]);
        Assert.DoesNotContain("upgrade", request.Head["Connection"] ?? "", StringComparison.OrdinalIgnoreCase);
        var line = (await rig.RecordAsync()).Lines[^1];
        Assert.Equal(("tokens", 3, 4), (line.Unit, line.Counts.Input, line.Counts.Output));
    }

    [Fact]
    public async Task Post_ThatOffersAnotherProtocol_IsCountedAndKeepsItsBody()
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(
            MeteredRig.Post("POST /v1/responses", "{\"model\":\"gpt-5\"}", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                "HTTP2-Settings: AAEA", "Content-Type: application/json"),
            MeteredRig.Answer(Answer.Replace("\"background\":true,", "", StringComparison.Ordinal)));

        Assert.Equal("{\"model\":\"gpt-5\"}", request.Text);
        Assert.Null(request.Head["Upgrade"]);
        Assert.Equal(4, (await rig.RecordAsync()).Lines[0].Counts.Output);
    }

    [Theory]
    [InlineData("Connection: Upgrade", "Upgrade: websocket")]
    [InlineData("connection: keep-alive, upgrade", "upgrade: WebSocket")]
    [InlineData("Connection: Upgrade", "Upgrade: h2c, websocket")]
    [InlineData("Connection: Upgrade", "Upgrade: websocket , h2c")]
    public async Task WebSocket_InAnySpelling_IsOpened(params string[] lines)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(
            "GET /v1/realtime?model=gpt-realtime", [$"Authorization: Bearer {Keys.Caller}", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", .. lines]));
        await using var upstream = await rig.Upstream.AcceptAsync();
        var request = await upstream.ReadHeadAsync();
        await upstream.SendAsync(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");

        Assert.Equal(101, (await client.ReadHeadAsync()).Status);
        Assert.Equal("websocket", request["Upgrade"], ignoreCase: true);
        Assert.Equal("upgrade", request["Connection"], ignoreCase: true);
    }

    [Fact]
    public async Task Post_ThatOffersAWebSocket_IsARequest()
    {
        await using var rig = await Rig.StartAsync();

        var (request, answer) = await rig.ExchangeAsync(Rig.Request("POST /v1/responses/resp_1/cancel", "Connection: Upgrade", "Upgrade: websocket"));

        Assert.Equal(("POST", 200), (request.Head.Method, answer.Head.Status));
        Assert.Null(request.Head["Upgrade"]);
    }

    [Fact]
    public async Task Connection_OfAClientThatOffersHttp2_StaysOpen()
    {
        await using var rig = await Rig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync(Rig.Request("GET /v1/models", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEA"));
            await rig.Upstream.AnswerAsync(Rig.Ok);
            Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        }
    }
}

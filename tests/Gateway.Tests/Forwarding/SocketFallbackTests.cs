namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>A WebSocket that the upstream doesn't have: Codex takes 426 for "use HTTP", and tries again for a long time on anything else.</summary>
public sealed class SocketFallbackTests : RigTest
{
    [Theory]
    [InlineData("/v1/responses", "404 Not Found")]
    [InlineData("/v1/responses", "405 Method Not Allowed")]
    [InlineData("/responses/", "404 Not Found")]
    [InlineData("/openai/v1/responses?api-version=preview", "404 Not Found")]
    public async Task Responses_WhereTheUpstreamHasNoSocket_Gets426(string target, string status)
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Handshake(target));
        await Rig.Upstream.AnswerAsync(Refusal(status));

        var answer = await client.ReadMessageAsync();

        Assert.Equal(426, answer.Head.Status);
        Assert.Equal("websocket_not_supported", ErrorObject.Parse(answer.Text).Code);
        Assert.NotNull(answer.Head["Upgrade"]);
        Assert.Contains("upgrade", answer.Head["Connection"], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/v1/realtime", "404 Not Found", 404)]
    [InlineData("/v1/live/sessions", "405 Method Not Allowed", 405)]
    [InlineData("/v1/responses", "401 Unauthorized", 401)]
    [InlineData("/v1/responses", "403 Forbidden", 403)]
    [InlineData("/v1/responses", "429 Too Many Requests", 429)]
    [InlineData("/v1/responses", "503 Service Unavailable", 503)]
    [InlineData("/v1/responses", "426 Upgrade Required", 426)]
    public async Task Socket_RefusedOtherwise_GetsTheUpstreamsHeadAndBody(string target, string status, int code)
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Handshake(target));
        await Rig.Upstream.AnswerAsync(Refusal(status));

        var answer = await client.ReadMessageAsync();

        Assert.Equal(code, answer.Head.Status);
        Assert.Equal("req_1", answer.Head["x-request-id"]);
        Assert.Equal("{\"error\":{}}", answer.Text);
    }

    [Fact]
    public async Task Request_ForResponsesThatAreNotThere_GetsTheUpstreamsStatus()
    {
        var (_, answer) = await Rig.ExchangeAsync(Rig.Request("POST /v1/responses", "Content-Length: 2") + "{}", Refusal("404 Not Found"));

        Assert.Equal(404, answer.Head.Status);
    }

    private static string Handshake(string target) => Rig.Request(
        $"GET {target}", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

    private static string Refusal(string status)
        => $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nx-request-id: req_1\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{{\"error\":{{}}}}";
}

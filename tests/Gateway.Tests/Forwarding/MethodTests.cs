namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class MethodTests : RigTest
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("PROPFIND")]
    [InlineData("x-custom")]
    public async Task Method_WithBody_ReachesUpstreamWithBody(string method)
    {
        var (request, answer) = await Rig.ExchangeAsync(
            Rig.Request($"{method} /v1/anything", "Content-Type: text/plain", "Content-Length: 5") + "hello");

        Assert.Equal(method, request.Head.Method);
        Assert.Equal("hello", request.Text);
        Assert.Equal("5", request.Head["Content-Length"]);
        Assert.Equal(200, answer.Head.Status);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("HEAD")]
    public async Task Method_WithoutBody_ReachesUpstreamWithoutFraming(string method)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request($"{method} /v1/anything"));

        Assert.Equal(method, request.Head.Method);
        Assert.Null(request.Head["Content-Length"]);
        Assert.Null(request.Head["Transfer-Encoding"]);
    }

    [Fact]
    public async Task Post_WithEmptyBody_KeepsItsLength()
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("POST /v1/batches/batch_1/cancel", "Content-Length: 0"));

        Assert.Equal("0", request.Head["Content-Length"]);
        Assert.Empty(request.Body);
    }

    [Fact]
    public async Task Post_Chunked_ReachesUpstreamChunkedAndEqual()
    {
        var (request, _) = await Rig.ExchangeAsync(
            Rig.Request("POST /v1/anything", "Transfer-Encoding: chunked") + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");

        Assert.Equal("hello world", request.Text);
        Assert.Equal("chunked", request.Head["Transfer-Encoding"]);
        Assert.Null(request.Head["Content-Length"]);
    }

    [Fact]
    public async Task Head_Answer_KeepsItsLengthAndHasNoBody()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("HEAD /v1/files/file-1/content"), "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nConnection: close\r\n\r\n");

        Assert.Equal(200, answer.Head.Status);
        Assert.Equal("12345", answer.Head["Content-Length"]);
    }

    [Theory]
    [InlineData("TRACE /v1/models HTTP/1.1\r\nHost: gateway.test\r\n\r\n")]
    [InlineData("CONNECT api.openai.com:443 HTTP/1.1\r\nHost: api.openai.com:443\r\n\r\n")]
    public async Task Method_NotForAGateway_Gets405(string request)
    {
        var answer = await Rig.RefusedAsync(request);

        Assert.Equal(405, answer.Head.Status);
        Assert.Equal("method_not_allowed", ErrorObject.Parse(answer.Text).Code);
    }

    [Fact]
    public async Task Options_OfTheServerItself_IsNotForwarded()
    {
        var answer = await Rig.RefusedAsync(Rig.Request("OPTIONS *"));

        Assert.InRange(answer.Head.Status, 200, 499);
    }
}

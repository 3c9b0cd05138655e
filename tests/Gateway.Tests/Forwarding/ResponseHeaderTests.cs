namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class ResponseHeaderTests : RigTest
{
    [Theory]
    [InlineData("x-request-id: req_123")]
    [InlineData("openai-processing-ms: 12")]
    [InlineData("openai-version: 2020-10-01")]
    [InlineData("x-ratelimit-remaining-requests: -1")]
    [InlineData("x-ratelimit-reset-tokens: 6m0s")]
    [InlineData("Retry-After: 7")]
    [InlineData("retry-after-ms: 7000")]
    [InlineData("x-should-retry: false")]
    [InlineData("cf-ray: 1234-FRA")]
    [InlineData("Server: cloudflare")]
    [InlineData("Date: Mon, 01 Jan 2024 00:00:00 GMT")]
    [InlineData("Location: /v1/realtime/calls/rtc_1")]
    [InlineData("Location: https://elsewhere.test/x?y=%2F")]
    [InlineData("ETag: W/\"x\"")]
    [InlineData("Content-Type: text/event-stream; charset=utf-8")]
    [InlineData("Content-Type: not a media type")]
    [InlineData("Content-Disposition: attachment; filename=\"a b.mp3\"")]
    [InlineData("Content-Range: bytes 0-1/2")]
    [InlineData("Last-Modified: sometime")]
    [InlineData("Expires: 0")]
    [InlineData("X-Empty:")]
    public async Task Header_EndToEnd_ReachesClientUnchanged(string line)
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models"), $"HTTP/1.1 200 OK\r\n{line}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        var name = line[..line.IndexOf(':', StringComparison.Ordinal)];
        Assert.Equal([line[(name.Length + 1)..].Trim()], answer.Head.All(name));
        Assert.Equal("{}", answer.Text);
    }

    [Theory]
    [InlineData("Set-Cookie: __cf_bm=secret")]
    [InlineData("Alt-Svc: h3=\":443\"")]
    [InlineData("Strict-Transport-Security: max-age=1")]
    [InlineData("Access-Control-Allow-Origin: *")]
    [InlineData("access-control-expose-headers: x-request-id")]
    [InlineData("Access-Control-Allow-Credentials: true")]
    [InlineData("Keep-Alive: timeout=5")]
    [InlineData("Proxy-Authenticate: Basic")]
    [InlineData("Proxy-Connection: close")]
    [InlineData("Upgrade: h2c")]
    [InlineData("X-Hop: secret")]
    public async Task Header_NotForClients_IsRemoved(string line)
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models"), $"HTTP/1.1 200 OK\r\n{line}\r\nContent-Length: 2\r\nConnection: close, X-Hop\r\n\r\n{{}}");

        Assert.Null(answer.Head[line[..line.IndexOf(':', StringComparison.Ordinal)]]);
    }

    [Fact]
    public async Task Header_SentTwice_ArrivesWithBothValuesInOrder()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models"), "HTTP/1.1 200 OK\r\nX-Dup: one\r\nX-Dup: two\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal("one, two", answer.Head["X-Dup"]);
    }

    [Fact]
    public async Task Header_OfEventStream_GetsAccelBufferingOff()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/responses/resp_1?stream=true"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nContent-Length: 11\r\nConnection: close\r\n\r\ndata: {}\n\n\n");

        Assert.Equal(["no"], answer.Head.All("X-Accel-Buffering"));
        Assert.Equal(["text/event-stream"], answer.Head.All("Content-Type"));
    }

    [Fact]
    public async Task Answer_Plain_ArrivesWithNothingAddedButADate()
    {
        var (_, answer) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models"));

        Assert.Equal(["Content-Length", "Content-Type", "Date"], answer.Head.Headers.Select(h => h.Name).Where(n => n != "Connection").Order());
    }

    [Theory]
    [InlineData("200 OK")]
    [InlineData("201 Created")]
    [InlineData("202 Accepted")]
    [InlineData("206 Partial Content")]
    [InlineData("299 Odd")]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("400 Bad Request")]
    [InlineData("401 Unauthorized")]
    [InlineData("402 Payment Required")]
    [InlineData("403 Forbidden")]
    [InlineData("404 Not Found")]
    [InlineData("405 Method Not Allowed")]
    [InlineData("408 Request Timeout")]
    [InlineData("409 Conflict")]
    [InlineData("413 Content Too Large")]
    [InlineData("418 I'm a teapot")]
    [InlineData("422 Unprocessable Content")]
    [InlineData("429 Too Many Requests")]
    [InlineData("500 Internal Server Error")]
    [InlineData("502 Bad Gateway")]
    [InlineData("503 Service Unavailable")]
    [InlineData("504 Gateway Timeout")]
    [InlineData("520 Web Server Returned an Unknown Error")]
    [InlineData("599 Odd")]
    public async Task Status_Any_PassesWithItsBodyAndIsAskedForOnce(string status)
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("POST /v1/responses", "Content-Length: 2") + "{}",
            $"HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:1/\r\nContent-Type: text/html\r\nContent-Length: 11\r\nConnection: close\r\n\r\n<h1>x</h1>\n");

        Assert.Equal(int.Parse(status[..3], null), answer.Head.Status);
        Assert.Equal("<h1>x</h1>\n", answer.Text);
        Assert.Equal("text/html", answer.Head["Content-Type"]);
        Assert.Equal("http://127.0.0.1:1/", answer.Head["Location"]);
        Assert.False(Rig.Upstream.HasCaller, "The request was sent a second time.");
    }

    [Theory]
    [InlineData("204 No Content")]
    [InlineData("304 Not Modified")]
    public async Task Status_WithoutBody_Passes(string status)
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models"), $"HTTP/1.1 {status}\r\nETag: \"x\"\r\nConnection: close\r\n\r\n");

        Assert.Equal(int.Parse(status[..3], null), answer.Head.Status);
        Assert.Equal("\"x\"", answer.Head["ETag"]);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Error_WithEmptyBody_StaysEmpty()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models"), "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal(503, answer.Head.Status);
        Assert.Equal("0", answer.Head["Content-Length"]);
        Assert.Null(answer.Head["Content-Type"]);
    }

    [Fact]
    public async Task EarlyHints_BeforeTheAnswer_DoNotDisturbIt()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models"), "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + Rig.Ok);

        Assert.Equal(200, answer.Head.Status);
        Assert.Equal("{}", answer.Text);
    }

    [Fact]
    public async Task Cookie_SetByUpstream_IsNotSentBackToIt()
    {
        await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models"), "HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models"));

        Assert.Null(request.Head["Cookie"]);
    }
}

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>The upstream's own errors on a stream request keep status, headers and body, and are asked for once.</summary>
public sealed class UpstreamErrorTests : RigTest
{
    [Theory]
    [InlineData("401 Unauthorized", "invalid_api_key")]
    [InlineData("429 Too Many Requests", "rate_limit_exceeded")]
    [InlineData("429 Too Many Requests", "insufficient_quota")]
    [InlineData("500 Internal Server Error", "server_error")]
    [InlineData("503 Service Unavailable", "server_is_overloaded")]
    public async Task StreamRequest_RefusedByUpstream_KeepsStatusHeadersAndBody(string status, string code)
    {
        var error = "{\"error\":{\"message\":\"no\",\"type\":\"x\",\"param\":null,\"code\":\"" + code + "\"}}";

        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("POST /v1/chat/completions", "Content-Type: application/json", "Content-Length: 15") + "{\"stream\":true}",
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nx-request-id: req_1\r\nretry-after: 3\r\nretry-after-ms: 2500\r\n"
            + "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 6m0s\r\nx-should-retry: false\r\n"
            + $"Content-Length: {error.Length}\r\nConnection: close\r\n\r\n{error}");

        Assert.Equal(int.Parse(status[..3], null), answer.Head.Status);
        Assert.Equal(error, answer.Text);
        Assert.Equal("req_1", answer.Head["x-request-id"]);
        Assert.Equal("3", answer.Head["retry-after"]);
        Assert.Equal("2500", answer.Head["retry-after-ms"]);
        Assert.Equal("0", answer.Head["x-ratelimit-remaining-requests"]);
        Assert.Equal("6m0s", answer.Head["x-ratelimit-reset-requests"]);
        Assert.Equal("false", answer.Head["x-should-retry"]);
        Assert.Equal("application/json", answer.Head["Content-Type"]);
        Assert.False(Rig.Upstream.HasCaller, "The gateway tried again by itself.");
    }
}

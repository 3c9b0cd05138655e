using System.Diagnostics;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class RequestHeaderTests() : RigTest(("Access:AllowAnonymous", "true"))
{
    [Theory]
    [InlineData("User-Agent: OpenAI/Python 3.3.1")]
    [InlineData("User-Agent: weird;;agent (((")]
    [InlineData("Accept: application/json")]
    [InlineData("Accept-Encoding: gzip, br")]
    [InlineData("Accept-Language: de, en;q=0.5")]
    [InlineData("OpenAI-Beta: assistants=v2,realtime=v1")]
    [InlineData("X-Client-Request-Id: 0a1b-2c")]
    [InlineData("X-Stainless-Retry-Count: 2")]
    [InlineData("x-stainless-arch: arm64")]
    [InlineData("Idempotency-Key: abc")]
    [InlineData("If-None-Match: W/\"abc\"")]
    [InlineData("If-Modified-Since: not a date")]
    [InlineData("Range: bytes=0-99")]
    [InlineData("Range: what=ever")]
    [InlineData("Cache-Control: no-cache, foo=\"bar\"")]
    [InlineData("Content-Language: de")]
    [InlineData("Content-Disposition: attachment; filename=\"a b.txt\"")]
    [InlineData("Date: yesterday")]
    [InlineData("X-Custom: a, b;c=\"d, e\"")]
    [InlineData("X-Empty:")]
    [InlineData("cf-aig-authorization: Bearer token")]
    [InlineData("cf-aig-metadata: {\"team\":\"a\"}")]
    [InlineData("CF-Access-Client-Id: id.access")]
    [InlineData("CF-Access-Client-Secret: secret")]
    [InlineData("X-Envoy-Upstream-Rq-Timeout-Ms: 1000")]
    [InlineData("X-Azure-Something-Of-Ours: 1")]
    [InlineData("X-Original-Model: gpt-5")]
    [InlineData("X-Arrival: today")]
    public async Task Header_EndToEnd_ReachesUpstreamUnchanged(string line)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("POST /v1/anything", "Content-Length: 2", line) + "{}");

        var name = line[..line.IndexOf(':', StringComparison.Ordinal)];
        Assert.Equal([line[(name.Length + 1)..].Trim()], request.Head.All(name));
    }

    [Theory]
    [InlineData("Content-Type: application/json")]
    [InlineData("Content-Type: multipart/form-data; boundary=\"--- a;b\"; charset=\"x\"")]
    [InlineData("Content-Type: not a media type")]
    [InlineData("Content-Encoding: gzip")]
    [InlineData("Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==")]
    public async Task Header_OfTheBody_ReachesUpstreamUnchanged(string line)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("POST /v1/anything", "Content-Length: 2", line) + "{}");

        Assert.Contains(line, request.Head.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("{}", request.Text);
    }

    [Theory]
    [InlineData("Cookie: session=secret")]
    [InlineData("X-Forwarded-For: 203.0.113.9")]
    [InlineData("X-Forwarded-Host: a.test")]
    [InlineData("X-Forwarded-Proto: https")]
    [InlineData("X-Forwarded-Prefix: /x")]
    [InlineData("X-Forwarded-Anything: x")]
    [InlineData("X-Original-For: 203.0.113.9")]
    [InlineData("X-Original-Host: a.test")]
    [InlineData("X-Original-URL: /x")]
    [InlineData("Forwarded: for=203.0.113.9")]
    [InlineData("Via: 1.1 proxy.test")]
    [InlineData("X-Real-IP: 203.0.113.9")]
    [InlineData("True-Client-IP: 203.0.113.9")]
    [InlineData("X-Client-IP: 203.0.113.9")]
    [InlineData("CF-Connecting-IP: 203.0.113.9")]
    [InlineData("CF-RAY: 1234")]
    [InlineData("cf-ipcountry: DE")]
    [InlineData("CF-Visitor: {\"scheme\":\"https\"}")]
    [InlineData("CF-Connecting-IPv6: 2001:db8::1")]
    [InlineData("CF-Warp-Tag-ID: 1")]
    [InlineData("CF-EW-Via: 15")]
    [InlineData("CF-Access-Jwt-Assertion: eyJ")]
    [InlineData("Cf-Access-Authenticated-User-Email: a@b.test")]
    [InlineData("cf-ipcity: Berlin")]
    [InlineData("CDN-Loop: cloudflare")]
    [InlineData("X-Azure-ClientIP: 203.0.113.9")]
    [InlineData("X-Envoy-External-Address: 203.0.113.9")]
    [InlineData("X-ARR-ClientCert: x")]
    [InlineData("X-Appengine-User-IP: 203.0.113.9")]
    [InlineData("X-Original-URI: /v1/organization/costs")]
    [InlineData("X-Rewrite-URL: /v1/organization/costs")]
    [InlineData("X-HTTP-Method-Override: POST")]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("tracestate: a=b")]
    [InlineData("baggage: user=alice")]
    [InlineData("Referer: https://intranet.test/secret")]
    [InlineData("Origin: https://intranet.test", true)]
    [InlineData("x-openaiproxy-anything: 1")]
    [InlineData("Keep-Alive: timeout=5")]
    [InlineData("Proxy-Connection: keep-alive")]
    [InlineData("Proxy-Authorization: Basic c2VjcmV0")]
    [InlineData("TE: trailers")]
    [InlineData("Trailer: X-Checksum")]
    [InlineData("Upgrade: h2c")]
    [InlineData("HTTP2-Settings: AAMAAABkAAQAAP__")]
    [InlineData("Connection: keep-alive")]
    public async Task Header_NotForUpstream_IsRemoved(string line, bool withOwnKey = false)
    {
        string[] headers = withOwnKey ? [line, $"Authorization: Bearer {Keys.Caller}"] : [line];
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models", headers));

        Assert.Null(request.Head[line[..line.IndexOf(':', StringComparison.Ordinal)]]);
    }

    [Theory]
    [InlineData("X-Hop")]
    [InlineData("close, keep-alive, X-Hop")]
    [InlineData("x-HOP, close")]
    [InlineData("close, X-Hop")]
    [InlineData("keep-alive, X-Other,X-Hop")]
    public async Task Header_NamedInConnection_IsRemoved(string connection)
    {
        var (request, _) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models", $"Connection: {connection}", "X-Hop: secret", "X-Stays: yes"));

        Assert.Null(request.Head["X-Hop"]);
        Assert.Equal("yes", request.Head["X-Stays"]);
    }

    [Fact]
    public async Task Header_NamedInASecondConnectionLine_IsRemoved()
    {
        var (request, _) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models", "Connection: keep-alive", "Connection: X-Hop", "X-Hop: secret"));

        Assert.Null(request.Head["X-Hop"]);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("Content-Length")]
    public async Task Header_OfTheFramingNamedInConnection_DoesNotBreakTheRequest(string name)
    {
        var (request, answer) = await Rig.ExchangeAsync(Rig.Request("POST /v1/anything", $"Connection: {name}", "Content-Length: 2") + "{}");

        Assert.Equal(Rig.Upstream.Address.Authority, request.Head["Host"]);
        Assert.Equal("{}", request.Text);
        Assert.Equal(200, answer.Head.Status);
    }

    [Fact]
    public async Task Header_SentTwice_ArrivesWithBothValuesInOrder()
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models", "X-Dup: one", "X-Dup: two, three", "x-dup: one"));

        Assert.Equal("one, two, three, one", request.Head["X-Dup"]);
    }

    [Fact]
    public async Task Request_Plain_ArrivesWithNothingAdded()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);

        var (request, _) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        Assert.Equal(["Authorization", "Host"], request.Head.Headers.Select(h => h.Name).Order());
        Assert.Equal(Rig.Upstream.Address.Authority, request.Head["Host"]);
    }

    [Fact]
    public async Task Headers_Of48Kilobytes_Pass()
    {
        var lines = Enumerable.Range(0, 12).Select(i => $"X-Big-{i}: {new string('x', 4000)}").ToArray();

        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models", lines));

        Assert.Equal(4000, request.Head["X-Big-11"]!.Length);
    }

    [Fact]
    public async Task OrganizationAndProject_WithOperatorsKey_AreDropped()
    {
        var (request, _) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models", "OpenAI-Organization: org-mine", "OpenAI-Project: proj_mine"));

        Assert.Null(request.Head["OpenAI-Organization"]);
        Assert.Null(request.Head["OpenAI-Project"]);
    }

    [Fact]
    public async Task OrganizationAndProject_WithCallersKey_AreKept()
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request(
            "GET /v1/models", $"Authorization: Bearer {Keys.Caller}", "OpenAI-Organization: org-mine", "OpenAI-Project: proj_mine"));

        Assert.Equal("org-mine", request.Head["OpenAI-Organization"]);
        Assert.Equal("proj_mine", request.Head["OpenAI-Project"]);
    }
}

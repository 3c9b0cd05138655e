using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>The usage page is the billing service's, with its cookie; what the services have for each other is nobody's.</summary>
public sealed class UsagePageRouteTests : IAsyncLifetime
{
    private readonly RawUpstream _billing = new();
    private Rig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _billing.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/usage")]
    [InlineData("GET", "/usage?days=7")]
    [InlineData("GET", "/usage/usage.css")]
    [InlineData("HEAD", "/Usage/")]
    [InlineData("POST", "/usage/sign-in")]
    public async Task Page_GoesToTheServiceWithItsCookieAndNoKey(string method, string target)
    {
        await using var client = await _rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(
            $"{method} {target}", "Cookie: usage=sealed", "Origin: http://localhost", "Content-Length: 0", $"Authorization: Bearer {Keys.Caller}",
            $"api-key: {Keys.Caller}", "x-openaiproxy-key-id: key_x", "x-openaiproxy-prefix: /x", "x-openaiproxy-host: evil",
            "x-openaiproxy-client: me", "X-Forwarded-For: 203.0.113.9"));
        var request = await _billing.AnswerAsync(Rig.Ok.Replace("Content-Type", "Set-Cookie: usage=next\r\nContent-Type", StringComparison.Ordinal));
        var answer = await client.ReadMessageAsync(noBody: method == "HEAD");

        Assert.Equal(method, request.Head.StartLine.Split(' ')[0]);
        Assert.Equal(target, request.Head.Target);
        Assert.Equal("usage=sealed", request.Head["Cookie"]);
        Assert.Equal("http://localhost", request.Head["Origin"]);
        Assert.Equal("localhost", request.Head[InternalHeaders.Host]);
        Assert.Equal("http", request.Head[InternalHeaders.Scheme]);
        Assert.Equal(GatewayHost.InternalToken, request.Head[InternalHeaders.Token]);
        Assert.Equal(24, request.Head[InternalHeaders.Client]!.Length);
        Assert.DoesNotContain("127.0.0.1", request.Head.Text.Replace("127.0.0.1:", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113", request.Head.Text, StringComparison.Ordinal);
        Assert.Null(request.Head[InternalHeaders.KeyId]);
        Assert.Null(request.Head[InternalHeaders.Prefix]);
        Assert.Null(request.Head[InternalHeaders.AdminOnly]);
        Assert.DoesNotContain("sk-", request.Head.Text, StringComparison.Ordinal);
        Assert.Equal("usage=next", answer.Head["Set-Cookie"]);
        Assert.Null(answer.Head["Access-Control-Allow-Origin"]);
        Assert.False(_rig.Upstream.HasCaller);
    }

    [Fact]
    public async Task Page_UnderTheRoutePrefix_IsToldIt()
    {
        await using var client = await _rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /openai/usage?days=7", "X-Forwarded-Proto: https"));

        var request = await _billing.AnswerAsync(Rig.Ok);

        Assert.Equal("/usage?days=7", request.Head.Target);
        Assert.Equal("/openai", request.Head[InternalHeaders.Prefix]);
        Assert.Equal("https", request.Head[InternalHeaders.Scheme]);
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9", true)]
    [InlineData("203.0.113.9", "203.0.113.10", false)]
    [InlineData("2001:db8::1", "2001:db8::2:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public async Task Page_OfTwoClients_TellsNetworksApart(string one, string other, bool areOne)
    {
        await using var rig = await Rig.StartAsync(("services:billing:http:0", _billing.Address.AbsoluteUri), ("Access:TrustedProxies", "127.0.0.0/8"));
        var marks = new List<string?>();
        foreach (var address in (string[])[one, other])
        {
            await using var client = await rig.Gateway.ConnectAsync();
            await client.SendAsync(Rig.Request("GET /usage", $"X-Forwarded-For: {address}"));
            marks.Add((await _billing.AnswerAsync(Rig.Ok)).Head[InternalHeaders.Client]);
        }

        Assert.NotNull(marks[0]);
        Assert.Equal(areOne, marks[0] == marks[1]);
    }

    [Fact]
    public async Task Page_WhereCallersKeysAreNotTaken_IsToldSo()
    {
        await using var rig = await Rig.StartAsync(
            ("services:billing:http:0", _billing.Address.AbsoluteUri), ("Access:AllowCallerKeys", "false"), ("OpenAI:ApiKey", ""));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /usage"));

        Assert.Equal("true", (await _billing.AnswerAsync(Rig.Ok)).Head[InternalHeaders.AdminOnly]);
    }

    [Fact]
    public async Task Page_WithALargeForm_Gets413()
    {
        var answer = await _rig.RefusedAsync(Rig.Request("POST /usage/sign-in", "Content-Length: 100000"));

        Assert.Equal(413, answer.Head.Status);
        Assert.False(_billing.HasCaller);
    }

    [Fact]
    public async Task Page_WithoutAService_Gets503()
    {
        await using var rig = await Rig.StartAsync();

        var answer = await rig.RefusedAsync(Rig.Request("GET /usage"));

        Assert.Equal(503, answer.Head.Status);
        Assert.Equal("billing_not_configured", ErrorObject.Parse(answer.Text).Code);
    }

    [Theory]
    [InlineData("/v1/usage")]
    [InlineData("/usages")]
    [InlineData("/v1/internal")]
    [InlineData("/internals")]
    public async Task OtherPath_GoesUpstream(string target)
    {
        var (request, _) = await _rig.ExchangeAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal(target, request.Head.Target);
        Assert.Null(request.Head[InternalHeaders.Token]);
    }

    [Theory]
    [InlineData("POST /internal/usage")]
    [InlineData("GET /internal")]
    [InlineData("POST /Internal/Usage")]
    [InlineData("POST /%69nternal/usage")]
    [InlineData("POST /openai/internal/usage")]
    [InlineData("POST /billing/../internal/usage")]
    [InlineData("POST /billing/%2e%2e/internal/usage")]
    [InlineData("POST /usage/%2E%2E/internal/usage")]
    [InlineData("POST http://localhost/internal/usage")]
    public async Task InternalPath_IsUnknown(string methodAndTarget)
    {
        foreach (var key in (string[])[Keys.Caller, ""])
        {
            var answer = await _rig.RefusedAsync(Rig.Request(
                methodAndTarget, $"Authorization: Bearer {key}", "Content-Length: 0", $"x-openaiproxy-internal-token: {GatewayHost.InternalToken}"));

            Assert.Equal(404, answer.Head.Status);
            Assert.Equal("unknown_url", ErrorObject.Parse(answer.Text).Code);
            Assert.False(_billing.HasCaller);
        }
    }

    [Fact]
    public async Task InternalPath_WithTwoSlashes_NeverReachesTheService()
    {
        // A metered call is told to the service, which is to hear nothing here.
        await using var rig = await StartAsync(("Metering:Enabled", "false"));

        var (request, _) = await rig.ExchangeAsync(Rig.Request("POST //internal/usage", "Content-Length: 0"));

        Assert.Equal("//internal/usage", request.Head.Target);
        Assert.Null(request.Head[InternalHeaders.Token]);
        Assert.False(_billing.HasCaller);
    }

    private Task<Rig> StartAsync(params (string, string)[] settings) => Rig.StartAsync(
        [("services:billing:http:0", _billing.Address.AbsoluteUri), ("Forwarding:RoutePrefix", "/openai"), ("Access:AllowedOrigins", "*"), .. settings]);
}

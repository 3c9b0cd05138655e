using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>The operator's key is never open to a network by accident.</summary>
public sealed class AnonymousTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:1");

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("http://gateway.example:0")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0")]
    public void Start_WithOperatorsKeyOpenToANetwork_IsRefusedNamingBothCures(string urls)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("OpenAI:ApiKey", Keys.Operator), ("urls", urls)));

        Assert.Contains("FORWARD_KEY", error.Message, StringComparison.Ordinal);
        Assert.Contains("Access:AllowAnonymous", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Keys.Operator, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PORT", "0")]
    [InlineData("port", "0")]
    public void Start_OnAPortAlone_IsOpenToANetworkToo(string name, string value)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("OPENAI_API_KEY", Keys.Operator), (name, value)));

        Assert.Contains("FORWARD_KEY", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithNothingSaidAboutThePort_MeansPort8000()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.BuildBare($"--OpenAI:ApiKey={Keys.Operator}"));

        Assert.Contains(":8000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FORWARD_KEY", Keys.Access)]
    [InlineData("Access:AllowAnonymous", "true")]
    [InlineData("Access:AllowAnonymous", "false")]
    [InlineData("OpenAI:ApiKey", "")]
    public async Task Start_WithTheCure_Works(string name, string value)
    {
        await using var gateway = await GatewayHost.StartAsync(
            Nowhere, ("OpenAI:ApiKey", Keys.Operator), ("urls", "http://0.0.0.0:0"), (name, value));

        Assert.Equal("Healthy", await gateway.Client.GetStringAsync("/healthz"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:0")]
    [InlineData("http://127.0.0.2:0")]
    public async Task Start_OnLoopback_Works(string urls)
    {
        await using var rig = await Rig.StartAsync(("urls", urls));

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models"));

        Assert.Equal($"Bearer {Keys.Operator}", request.Head["Authorization"]);
    }

    [Theory]
    [InlineData("rebound.example")]
    [InlineData("rebound.example:8000")]
    [InlineData("localhost.rebound.example")]
    [InlineData("127.0.0.1.rebound.example")]
    public async Task CallByAForeignName_WithoutKey_Gets403(string host)
    {
        await using var rig = await Rig.StartAsync();

        var answer = await rig.RefusedAsync($"GET /v1/files HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.Equal(403, answer.Head.Status);
        Assert.Equal("host_not_allowed", ErrorObject.Parse(answer.Text).Code);
    }

    [Theory]
    [InlineData("LOCALHOST:8000")]
    [InlineData("gateway.localhost")]
    [InlineData("127.0.0.1:8000")]
    [InlineData("[::1]:8000")]
    [InlineData("192.0.2.7")]
    public async Task CallByAnAddressOrAsLocalhost_WithoutKey_UsesTheOperatorsKey(string host)
    {
        await using var rig = await Rig.StartAsync();

        var (request, _) = await rig.ExchangeAsync($"GET /v1/models HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.Equal($"Bearer {Keys.Operator}", request.Head["Authorization"]);
    }

    [Fact]
    public async Task CallByAForeignName_WhereAnonymousUseIsAskedForByName_UsesTheOperatorsKey()
    {
        await using var rig = await Rig.StartAsync(("Access:AllowAnonymous", "true"));

        var (request, _) = await rig.ExchangeAsync("GET /v1/models HTTP/1.1\r\nHost: gateway.example\r\n\r\n");

        Assert.Equal($"Bearer {Keys.Operator}", request.Head["Authorization"]);
    }

    [Theory]
    [InlineData("https://page.example")]
    [InlineData("http://localhost:3000")]
    [InlineData("null")]
    public async Task BrowserPage_WithoutKeyFromAnUnlistedOrigin_Gets403(string origin)
    {
        await using var rig = await Rig.StartAsync(("Access:AllowedOrigins", "https://chat.example"));

        var answer = await rig.RefusedAsync(Rig.Request(
            "POST /v1/chat/completions", $"Origin: {origin}", "Content-Type: text/plain", "Content-Length: 2") + "{}");

        Assert.Equal(403, answer.Head.Status);
        Assert.Equal("origin_not_allowed", ErrorObject.Parse(answer.Text).Code);
    }

    [Fact]
    public async Task BrowserPage_WithoutKeyWhereNoOriginIsAllowed_Gets403()
    {
        await using var rig = await Rig.StartAsync();

        var answer = await rig.RefusedAsync(Rig.Request("GET /v1/files", "Origin: https://page.example"));

        Assert.Equal(403, answer.Head.Status);
        Assert.Equal("origin_not_allowed", ErrorObject.Parse(answer.Text).Code);
    }

    [Theory]
    [InlineData("X-Forwarded-For: 203.0.113.9")]
    [InlineData("X-Real-IP: 203.0.113.9")]
    [InlineData("Forwarded: for=203.0.113.9")]
    [InlineData("Via: 1.1 proxy.test")]
    public async Task CallThroughAReverseProxyOnThisMachine_WithoutKey_Gets403(string line)
    {
        await using var rig = await Rig.StartAsync();

        var answer = await rig.RefusedAsync(Rig.Request("GET /v1/models", line));

        Assert.Equal(403, answer.Head.Status);
        Assert.Equal("host_not_allowed", ErrorObject.Parse(answer.Text).Code);
    }

    [Fact]
    public async Task BrowserPage_WithoutKeyWhereAnyOriginMayCall_Gets403()
    {
        await using var rig = await Rig.StartAsync(("Access:AllowedOrigins", "*"));

        var answer = await rig.RefusedAsync(Rig.Request("GET /v1/models", "Origin: https://page.example"));

        Assert.Equal(403, answer.Head.Status);
        Assert.Equal("origin_not_allowed", ErrorObject.Parse(answer.Text).Code);
    }

    [Theory]
    [InlineData("https://chat.example", "")]
    [InlineData("*", "true")]
    public async Task BrowserPage_WithoutKeyFromAListedOrigin_UsesTheOperatorsKey(string allowed, string anonymous)
    {
        await using var rig = await Rig.StartAsync(("Access:AllowedOrigins", allowed), ("Access:AllowAnonymous", anonymous));

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models", "Origin: https://chat.example"));

        Assert.Equal($"Bearer {Keys.Operator}", request.Head["Authorization"]);
    }

    [Fact]
    public async Task BrowserPage_WithItsOwnKeyFromAnUnlistedOrigin_Passes()
    {
        await using var rig = await Rig.StartAsync();

        var (request, answer) = await rig.ExchangeAsync(
            Rig.Request("GET /v1/models", "Origin: https://page.example", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal($"Bearer {Keys.Caller}", request.Head["Authorization"]);
        Assert.Null(answer.Head["Access-Control-Allow-Origin"]);
    }
}

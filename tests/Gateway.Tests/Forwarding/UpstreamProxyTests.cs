using System.Net;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>With <c>PROXY</c> set, nothing reaches the upstream but through it. The tests play the proxy.</summary>
public sealed class UpstreamProxyTests
{
    private static readonly Uri Hidden = new("http://api.hidden.invalid");

    [Fact]
    public async Task Request_ToACleartextUpstream_GoesThroughTheProxyByteForByte()
    {
        await using var proxy = new RawUpstream();
        await using var gateway = await GatewayHost.StartAsync(Hidden, ("OpenAI:ApiKey", Keys.Operator), ("PROXY", proxy.Address.AbsoluteUri));
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files/a%2Fb?x=%41&x=2", "Content-Length: 2") + "{}");

        var request = await proxy.AnswerAsync(Rig.Ok);

        Assert.Equal("http://api.hidden.invalid/v1/files/a%2Fb?x=%41&x=2", request.Head.Target);
        Assert.Equal("api.hidden.invalid", request.Head["Host"]);
        Assert.Equal($"Bearer {Keys.Operator}", request.Head["Authorization"]);
        Assert.Equal("{}", (await client.ReadMessageAsync()).Text);
    }

    [Fact]
    public async Task Proxy_ThatWantsAPassword_GetsIt()
    {
        await using var proxy = new RawUpstream();
        await using var gateway = await GatewayHost.StartAsync(
            Hidden, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:Proxy", $"http://user:pass%40word@{proxy.Address.Authority}"));
        var call = gateway.Client.GetAsync("/v1/models");
        await using var connection = await proxy.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");

        var second = await connection.ReadMessageAsync();
        await connection.SendAsync(Rig.Ok);

        Assert.Equal("Basic dXNlcjpwYXNzQHdvcmQ=", second.Head["Proxy-Authorization"]);
        using var answer = await call;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Request_ToATlsUpstream_AsksForATunnel()
    {
        await using var proxy = new RawUpstream();
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("https://api.hidden.invalid"), ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:Proxy", proxy.Address.AbsoluteUri));
        var call = gateway.Client.PostAsync("/v1/responses", new StringContent("{}"));
        await using var connection = await proxy.AcceptAsync();
        var request = await connection.ReadHeadAsync();
        await connection.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        using var answer = await call;

        Assert.Equal("CONNECT api.hidden.invalid:443 HTTP/1.1", request.StartLine);
        Assert.DoesNotContain(Keys.Operator, request.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("upstream_unreachable", (await ErrorObject.ReadAsync(answer)).Code);
    }

    [Fact]
    public async Task Proxy_ThatIsAway_Gives502()
    {
        await using var gateway = await GatewayHost.StartAsync(Hidden, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:Proxy", "http://127.0.0.1:1"));

        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("upstream_unreachable", (await ErrorObject.ReadAsync(answer)).Code);
    }
}

using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Callers are told what is wrong with the upstream; where it is, only the log says.</summary>
public sealed class UpstreamErrorTextTests
{
    [Theory]
    [InlineData("refuses")]
    [InlineData("unknown name")]
    [InlineData("no TLS")]
    [InlineData("resets")]
    [InlineData("away behind a proxy")]
    public async Task Message_ToTheCaller_NamesNoAddressAndTheLogDoes(string upstream)
    {
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var raw = new RawUpstream();
        var address = upstream switch
        {
            "refuses" => new Uri($"http://{nobody.LocalEndPoint}"),
            "unknown name" => new Uri("http://no-such-host.invalid:4711"),
            "no TLS" => new UriBuilder(raw.Address) { Scheme = "https" }.Uri,
            "away behind a proxy" => new Uri("http://hidden.invalid:4711"),
            _ => raw.Address,
        };
        await using var gateway = await GatewayHost.StartAsync(
            address,
            [("OpenAI:ApiKey", Keys.Operator), ("Forwarding:ConnectTimeout", "50s"),
                .. upstream == "away behind a proxy" ? [("PROXY", $"http://{nobody.LocalEndPoint}")] : Array.Empty<(string, string)>()]);
        var call = gateway.Client.PostAsync("/v1/chat/completions", new StringContent("{}"));
        if (upstream is "no TLS" or "resets")
        {
            // Without TLS nothing can have been looked at: it is tried once more.
            for (var i = upstream == "no TLS" ? 2 : 1; i > 0; i--)
            {
                await using var connection = await raw.AcceptAsync();
                await connection.ReadExactlyAsync(1);
                connection.Reset();
            }
        }

        using var answer = await call.Guarded();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        var message = (await ErrorObject.ReadAsync(answer)).Message;
        foreach (var secret in new[] { address.Host, $":{address.Port}", "127.0.0.1", "Unknown", "hidden" })
        {
            Assert.DoesNotContain(secret, message, StringComparison.OrdinalIgnoreCase);
        }

        if (upstream != "resets")
        {
            Assert.Contains(gateway.Logs.Find(address.Authority), e => e.Category.EndsWith("UpstreamFailures", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-Big: {big}\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{many}\r\n{}")]
    [InlineData("HTTP/1.1 200 {big}\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon in it\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: no name\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}")]
    [InlineData("HTTP/9.9 200 OK\r\n\r\n")]
    [InlineData("<html>not HTTP</html>\r\n\r\n")]
    public async Task Head_ThatIsOdd_IsAnInvalidResponseOrPasses(string answer)
    {
        await using var rig = await Rig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        var sending = connection.SendAsync(answer
            .Replace("{big}", new string('x', 70_000), StringComparison.Ordinal)
            .Replace("{many}", string.Concat(Enumerable.Range(0, 7000).Select(i => $"X-{i}: 1234\r\n")), StringComparison.Ordinal));

        var got = await client.ReadMessageAsync();

        Assert.Equal(502, got.Head.Status);
        Assert.Equal("upstream_invalid_response", ErrorObject.Parse(got.Text).Code);
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
    }
}

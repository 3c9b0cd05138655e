using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>What is wrong with the upstream for long is in the log once.</summary>
public sealed class UpstreamLogTests
{
    [Fact]
    public async Task OperatorsKey_ThatTheUpstreamRefuses_IsToldOnceByItsNumber()
    {
        const string bad = "sk-T3BlbkFJ-was-taken-back";
        var isBad = true;
        await using var upstream = await AppUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer " + bad && Volatile.Read(ref isBad) ? 401 : 200;
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayHost.StartAsync(upstream.Address, ("OpenAI:ApiKey", $"{Keys.Operator} {bad}"));

        // A caller's own key is the caller's affair.
        Assert.Contains(HttpStatusCode.Unauthorized, await CallAsync(gateway, bad));
        Assert.Empty(gateway.Logs.Find("refuses the operator's key"));
        for (var i = 0; i < 4; i++)
        {
            await CallAsync(gateway);
        }

        Assert.Contains("number 2 of OpenAI:ApiKey",
            Assert.Single(gateway.Logs.Find("refuses the operator's key"), e => e.Level is LogLevel.Error).Text, StringComparison.Ordinal);
        Volatile.Write(ref isBad, false);
        await CallAsync(gateway);
        await CallAsync(gateway);
        Assert.Single(gateway.Logs.Find("takes the operator's key number 2"));
        Assert.Empty(gateway.Logs.Find(bad));
    }

    [Fact]
    public async Task Upstream_ThatCannotBeReached_IsToldInAnOperatorsWords()
    {
        await using var gateway = await GatewayHost.StartAsync(new Uri("http://127.0.0.1:1"), ("OpenAI:ApiKey", Keys.Operator));
        await CallAsync(gateway);

        Assert.Contains("the last error says: connection refused", Assert.Single(gateway.Logs.Find("the last error says")).Text, StringComparison.Ordinal);
    }

    // A real name server may take longer than a connection.
    [Theory]
    [InlineData(SocketError.HostNotFound, "no such host")]
    [InlineData(SocketError.TryAgain, "the name server doesn't answer")]
    [InlineData(SocketError.ConnectionRefused, "connection refused")]
    public void Failure_OfASocket_IsToldInAnOperatorsWords(SocketError error, string words)
        => Assert.Equal(words, ConnectionFailure.Describe(new HttpRequestException("", new SocketException((int)error))));

    [Fact]
    public async Task Upstream_WithACertificateThatNobodyTrusts_IsToldInAnOperatorsWords()
    {
        using var certificate = SelfSignedCertificate.Create();
        await using var upstream = await AppUpstream.StartAsync(_ => Task.CompletedTask, certificate: certificate);
        await using var gateway = await GatewayHost.StartAsync(upstream.Address, ("OpenAI:ApiKey", Keys.Operator));
        await CallAsync(gateway);

        Assert.Contains("TLS: the certificate", Assert.Single(gateway.Logs.Find("the last error says")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n")]
    [InlineData("\u0015\u0003\u0001\0\u0002\u0002\u0016")]
    [InlineData("")]
    public async Task Upstream_ThatSpeaksNoHttp_IsToldOnce(string greeting)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serve = ServeAsync(listener, Encoding.Latin1.GetBytes(greeting));
        var address = new Uri($"http://{listener.LocalEndpoint}");
        await using (var gateway = await GatewayHost.StartAsync(address, ("OpenAI:ApiKey", Keys.Operator)))
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal([HttpStatusCode.BadGateway], (await CallAsync(gateway)).Distinct());
            }

            Assert.Single(gateway.Logs.Find("Further failures are not logged"), e => e.Level is LogLevel.Warning);
        }

        listener.Stop();
        await serve.Guarded();
    }

    private static async Task ServeAsync(TcpListener listener, byte[] greeting)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                var head = new byte[1024];
                await stream.ReadAtLeastAsync(head, 1, throwOnEndOfStream: false);
                await stream.WriteAsync(greeting);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    // Two calls: one for each of two keys.
    private static async Task<List<HttpStatusCode>> CallAsync(GatewayHost gateway, string? key = null)
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            request.Headers.Authorization = key is null ? null : new("Bearer", key);
            using var answer = await gateway.Client.SendAsync(request).Guarded();
            answers.Add(answer.StatusCode);
        }

        return answers;
    }
}

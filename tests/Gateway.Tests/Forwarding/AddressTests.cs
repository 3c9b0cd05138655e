using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>An upstream is reached if one of its addresses is, and soon.</summary>
public sealed class AddressTests
{
    private const string Host = "two.invalid";

    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upstream_WhoseFirstAddressSwallowsWhatIsSent_IsReachedByTheNext(bool throughProxy)
    {
        await using var upstream = new RawUpstream();
        using var full = await FullListener.StartAsync(new IPEndPoint(Other, upstream.Address.Port));
        await using var gateway = await StartAsync(upstream.Address.Port, throughProxy, Other, IPAddress.Loopback);

        Assert.Equal(HttpStatusCode.OK, await CallAsync(gateway, upstream));
    }

    [Fact]
    public async Task Upstream_WhoseFirstAddressRefuses_IsReachedByTheNext()
    {
        await using var upstream = new RawUpstream();
        await using var gateway = await StartAsync(upstream.Address.Port, false, Other, IPAddress.Parse("127.0.0.3"), IPAddress.Loopback);

        Assert.Equal(HttpStatusCode.OK, await CallAsync(gateway, upstream));
    }

    [Fact]
    public async Task Upstream_AllOfWhoseAddressesSwallowWhatIsSent_Gives504NamingTheTimer()
    {
        using var first = await FullListener.StartAsync();
        using var second = await FullListener.StartAsync(new IPEndPoint(Other, first.Address.Port));
        await using var gateway = await StartAsync(first.Address.Port, false, Other, IPAddress.Loopback);

        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Contains("Forwarding:ConnectTimeout", (await ErrorObject.ReadAsync(answer)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Upstream_AllOfWhoseAddressesRefuse_Gives502(int count)
    {
        var port = new RawUpstream();
        await port.DisposeAsync();
        await using var gateway = await StartAsync(
            port.Address.Port, false, [.. Enumerable.Range(1, count).Select(i => new IPAddress([127, 0, 0, (byte)i]))]);

        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("upstream_unreachable", (await ErrorObject.ReadAsync(answer)).Code);
    }

    [Fact]
    public async Task Upstream_WithoutAnAddress_Gives502()
    {
        await using var gateway = await StartAsync(1, false);

        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("upstream_unreachable", (await ErrorObject.ReadAsync(answer)).Code);
    }

    [Theory]
    [InlineData("::1 ::2 10.0.0.1 10.0.0.2", "::1 10.0.0.1 ::2 10.0.0.2")]
    [InlineData("10.0.0.1 ::1 ::2 ::3", "10.0.0.1 ::1 ::2 ::3")]
    [InlineData("::1 ::2", "::1 ::2")]
    public void Families_OfAddresses_TakeTurns(string resolved, string tried)
        => Assert.Equal(tried, string.Join(' ', RacedConnect.Interleave([.. resolved.Split(' ').Select(IPAddress.Parse)])));

    /// <summary>No other exception is taken for a connection that failed.</summary>
    [Fact]
    public async Task Connection_ResetAtOnce_IsAFailedRequest()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var stream = await RacedConnect.Default.ConnectAsync(context, cancellationToken);
                var peer = await listener.AcceptSocketAsync(cancellationToken);
                peer.LingerState = new LingerOption(true, 0);
                peer.Dispose();
                Assert.True(((NetworkStream)stream).Socket.Poll(HangGuard.Limit, SelectMode.SelectRead));
                return stream;
            },
        });

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://{listener.LocalEndpoint}")).Guarded());
    }

    private static Task<GatewayHost> StartAsync(int port, bool throughProxy, params IPAddress[] addresses)
    {
        var connect = new RacedConnect((host, _) => Task.FromResult(host == Host ? addresses : throw new ArgumentException(host)), TimeProvider.System);
        var address = new Uri($"http://{Host}:{port}");
        return GatewayHost.StartAsync(
            throughProxy ? new Uri("http://api.hidden.invalid") : address,
            builder => builder.Services.AddSingleton(connect),
            [("OpenAI:ApiKey", Keys.Operator), ("Forwarding:ConnectTimeout", "5s"),
                .. throughProxy ? [("PROXY", address.AbsoluteUri)] : Array.Empty<(string, string)>()]);
    }

    private static async Task<HttpStatusCode> CallAsync(GatewayHost gateway, RawUpstream upstream)
    {
        var call = gateway.Client.GetAsync("/v1/models");
        using var over = new CancellationTokenSource();
        var answering = upstream.AcceptAsync(over.Token);
        if (await Task.WhenAny(call, answering) == answering)
        {
            await RawUpstream.AnswerAsync(await answering, Rig.Ok);
        }

        await over.CancelAsync();
        using var answer = await call;
        return answer.StatusCode;
    }
}

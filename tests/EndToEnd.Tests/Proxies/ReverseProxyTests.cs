using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Proxies;

/// <summary>What clients get to see of the gateway behind nginx and Caddy, as docs/deploy.md sets them up.</summary>
public sealed class ReverseProxyTests
{
    private const string Key = "sk-of-the-caller";
    private const string Proxy = "127.0.0.1";

    // Any address of 127.0.0.0/8 is this machine; nothing else uses this one, so it can only be seen as the caller's.
    private const string Caller = "127.66.55.44";

    public static TheoryData<string> Names { get; } = ["nginx", "caddy"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Stream_ThroughTheProxy_ArrivesEventByEvent(string name)
    {
        await using var upstream = new RawUpstream();
        await using var gateway = await GatewayHost.StartAsync(upstream.Address);
        await using var proxy = await ReverseProxy.StartAsync(name, gateway.Address);
        using var client = CreateClient(proxy);

        var (answer, call) = await BeginStreamAsync(client, upstream);
        using (answer)
        await using (call)
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync().Guarded());
            // The second event doesn't leave before the first one is here.
            for (var i = 1; i <= 3; i++)
            {
                await call.SendChunkAsync($"data: {i}\n\n");
                Assert.Equal($"data: {i}", await reader.ReadLineAsync().Guarded());
                Assert.Equal("", await reader.ReadLineAsync().Guarded());
            }

            await call.SendChunkAsync("");
            Assert.Null(await reader.ReadLineAsync().Guarded());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Client_ThatLeavesInAStream_EndsTheCallToTheUpstream(string name)
    {
        await using var upstream = new RawUpstream();
        await using var gateway = await GatewayHost.StartAsync(upstream.Address);
        await using var proxy = await ReverseProxy.StartAsync(name, gateway.Address);
        using var client = CreateClient(proxy);

        var (answer, call) = await BeginStreamAsync(client, upstream);
        await using (call)
        {
            await call.SendChunkAsync("data: 1\n\n");
            answer.Dispose();

            await call.WaitForEndAsync().Guarded();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task WebSocket_ThroughTheProxy_TakesATurn(string name)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(simulator.Address);
        await using var proxy = await ReverseProxy.StartAsync(name, gateway.Address);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Key}");
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == SelfSignedCertificate.Subject;

        var address = new UriBuilder(proxy.Address) { Scheme = "wss", Path = "/v1/realtime", Query = "model=gpt-realtime" }.Uri;
        await socket.ConnectAsync(address, CancellationToken.None).Guarded();

        Assert.Contains("\"session.created\"", await ReceiveAsync(socket), StringComparison.Ordinal);
        await socket.SendAsync("""{"type":"response.create"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Guarded();
        string message;
        do
        {
            message = await ReceiveAsync(socket);
        }
        while (!message.Contains("\"response.done\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nginx", Proxy, Caller, HttpStatusCode.OK)]
    [InlineData("nginx", Proxy, Proxy, HttpStatusCode.Forbidden)]
    [InlineData("nginx", "", Caller, HttpStatusCode.Forbidden)]
    [InlineData("caddy", Proxy, Caller, HttpStatusCode.OK)]
    [InlineData("caddy", Proxy, Proxy, HttpStatusCode.Forbidden)]
    [InlineData("caddy", "", Caller, HttpStatusCode.Forbidden)]
    public async Task Address_OfTheClient_IsSeenWhereTheProxyIsTrusted(string name, string trusted, string allowed, HttpStatusCode status)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            simulator.Address, ("Access:TrustedProxies", trusted), ("Access:AllowedNetworks", allowed));
        await using var proxy = await ReverseProxy.StartAsync(name, gateway.Address);
        using var client = CreateClient(proxy);
        // Whoever writes this header is not believed: the proxy puts its own in the place.
        client.DefaultRequestHeaders.Add("X-Forwarded-For", Proxy);

        using var answer = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));

        Assert.Equal(status, answer.StatusCode);
    }

    private static async Task<(HttpResponseMessage Answer, RawConnection Call)> BeginStreamAsync(HttpClient client, RawUpstream upstream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Content = JsonContent.Create(new { model = "m", stream = true });
        var answering = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var call = await upstream.AcceptAsync();
        await call.ReadMessageAsync();
        await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        return (await answering.Guarded(), call);
    }

    private static async Task<string> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var text = new StringBuilder();
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, CancellationToken.None).Guarded();
            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }
        while (!part.EndOfMessage);
        return text.ToString();
    }

    private static HttpClient CreateClient(ReverseProxy proxy)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == SelfSignedCertificate.Subject },
            ConnectCallback = async (context, token) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(Caller), 0));
                await socket.ConnectAsync(context.DnsEndPoint, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var client = new HttpClient(handler) { BaseAddress = proxy.Address, Timeout = HangGuard.Limit };
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Key}");
        return client;
    }
}

using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>A WebSocket that is idle for too long is told so on both sides, and cut only if that can't be.</summary>
public sealed class IdleSocketTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource<WebSocket> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WebSocket_IdleForTooLong_IsClosedOnBothSidesWith1001(bool isMetered)
    {
        await using var upstream = await StartUpstreamAsync();
        await using var gateway = await StartGatewayAsync(upstream.Address, isMetered);
        using var client = await ConnectAsync(gateway);
        var server = await _accepted.Task.Guarded();
        await client.SendAsync(new byte[1000], WebSocketMessageType.Binary, true, CancellationToken.None).Guarded();
        Assert.Equal(1000, (await server.ReceiveAsync(new byte[2000], CancellationToken.None).Guarded()).Count);

        var atClient = client.ReceiveAsync(new byte[10], CancellationToken.None);
        var atServer = server.ReceiveAsync(new byte[10], CancellationToken.None);
        await AdvanceUntilAsync(atClient, atServer);

        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.EndpointUnavailable), await TypeOf(atClient));
        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.EndpointUnavailable), await TypeOf(atServer));
        // Each answers its own; the answers go no further.
        await server.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).Guarded();
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).Guarded();
    }

    [Fact]
    public async Task WebSocket_OverHttp2_IsClosedToo()
    {
        await using var upstream = await StartUpstreamAsync();
        await using var gateway = await StartGatewayAsync(upstream.Address, isMetered: false, ("Forwarding:CleartextHttp2", "true"));
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        await client.ConnectAsync(gateway.WebSocketAddress("/v1/realtime"), invoker, CancellationToken.None).Guarded();
        await _accepted.Task.Guarded();

        var atClient = client.ReceiveAsync(new byte[10], CancellationToken.None);
        await AdvanceUntilAsync(atClient);

        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.EndpointUnavailable), await TypeOf(atClient));
    }

    [Fact]
    public async Task WebSocket_WhoseOneSideSpeaksNowAndThen_StaysOpen()
    {
        await using var upstream = await StartUpstreamAsync();
        await using var gateway = await StartGatewayAsync(upstream.Address, isMetered: false);
        using var client = await ConnectAsync(gateway);
        var server = await _accepted.Task.Guarded();
        var buffer = new byte[10];
        for (byte i = 0; i < 20; i++)
        {
            // Less than half of the limit: the gateway may see a message after the clock was moved again.
            _time.Advance(TimeSpan.FromMinutes(4));
            var (from, to) = i % 2 == 0 ? ((WebSocket)client, server) : (server, client);
            await from.SendAsync(new[] { i }, WebSocketMessageType.Binary, true, CancellationToken.None).Guarded();
            var received = await to.ReceiveAsync(buffer, CancellationToken.None).Guarded();
            Assert.Equal((WebSocketMessageType.Binary, 1, i), (received.MessageType, received.Count, buffer[0]));
        }
    }

    [Theory]
    [InlineData(false, new byte[] { 0x82, 0x01, 0x05 })]
    [InlineData(true, new byte[] { 0x82, 0x7E, 0x01 })]
    [InlineData(true, new byte[] { 0x82, 0x05, 0x01, 0x02 })]
    public async Task WebSocket_WhosePeersDontAnswerTheClose_IsCut(bool isWithinAFrame, byte[] sent)
    {
        await using var upstream = new RawUpstream();
        await using var gateway = await StartGatewayAsync(upstream.Address, isMetered: false);
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(
            "GET /v1/realtime", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        await using var connection = await upstream.AcceptAsync();
        await connection.ReadHeadAsync();
        await connection.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
        await client.ReadHeadAsync();
        await connection.SendAsync(sent);
        Assert.Equal(sent, await client.ReadExactlyAsync(sent.Length));

        var closed = connection.ReadExactlyAsync(8);
        await AdvanceUntilAsync(closed);
        Assert.Equal([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9], await closed);
        // Nothing may stand within a frame. The other direction is between two.
        Assert.Equal(isWithinAFrame ? [] : [0x88, 0x02, 0x03, 0xE9], await client.ReadExactlyAsync(isWithinAFrame ? 0 : 4));

        var (atClient, atServer) = (client.ReadRestAsync(), connection.ReadRestAsync());
        await AdvanceUntilAsync(atClient, atServer);
        Assert.Empty(await atClient);
        Assert.Empty(await atServer);
    }

    private static async Task<(WebSocketMessageType, WebSocketCloseStatus?)> TypeOf(Task<WebSocketReceiveResult> receiving)
    {
        var received = await receiving;
        return (received.MessageType, received.CloseStatus);
    }

    private static async Task<ClientWebSocket> ConnectAsync(GatewayHost gateway)
    {
        var client = new ClientWebSocket();
        client.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        await client.ConnectAsync(gateway.WebSocketAddress("/v1/realtime?model=gpt-realtime"), CancellationToken.None).Guarded();
        return client;
    }

    private Task<AppUpstream> StartUpstreamAsync() => AppUpstream.StartAsync(async context =>
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        _accepted.SetResult(socket);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    });

    private Task<GatewayHost> StartGatewayAsync(Uri upstream, bool isMetered, params (string, string)[] settings) => isMetered
        ? MeteredRig.StartGatewayAsync(upstream, new TestJournal(), _time, settings)
        : GatewayHost.StartAsync(upstream, builder => builder.Services.AddSingleton<TimeProvider>(_time), [("OpenAI:ApiKey", Keys.Operator), .. settings]);

    // Nobody outside sees when the gateway's timer begins, which may be after the clock was moved: then it is moved again. Not at once,
    // for the Close frames must have the time to arrive.
    private async Task AdvanceUntilAsync(params Task[] ends)
    {
        var all = Task.WhenAll(ends);
        for (var i = 0; i < 4 && !all.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(10));
            await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(15)));
        }

        await all.Guarded();
    }
}

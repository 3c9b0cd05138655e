using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>WebSockets pass as they are, both ways, on paths that also take ordinary requests.</summary>
public sealed class WebSocketTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Target, IHeaderDictionary Headers)> _handshakes = new();
    private readonly TaskCompletionSource<WebSocket> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AppUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await AppUpstream.StartAsync(async context =>
        {
            _handshakes.Enqueue((context.Request.Path + context.Request.QueryString, new HeaderDictionary(context.Request.Headers.ToDictionary())));
            var offered = context.WebSockets.WebSocketRequestedProtocols;
            using var socket = await context.WebSockets.AcceptWebSocketAsync(offered.Contains("realtime") ? "realtime" : null);
            _accepted.SetResult(socket);
            await _over.Task;
        });
        _gateway = await GatewayHost.StartAsync(_upstream.Address, ("OpenAI:ApiKey", Keys.Operator));
    }

    public async ValueTask DisposeAsync()
    {
        _over.TrySetResult();
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("/v1/realtime?model=gpt-realtime&x=1")]
    [InlineData("/v1/responses")]
    [InlineData("/v1/live/sessions")]
    public async Task Messages_OfBothKinds_PassBothWays(string target)
    {
        using var client = await ConnectAsync(target);
        var upstream = await _accepted.Task.Guarded();

        await SendAsync(client, "{\"type\":\"response.create\"}");
        Assert.Equal("{\"type\":\"response.create\"}", Encoding.UTF8.GetString(await ReceiveAsync(upstream, WebSocketMessageType.Text)));
        await upstream.SendAsync(new byte[] { 0, 1, 2, 255 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        Assert.Equal([0, 1, 2, 255], await ReceiveAsync(client, WebSocketMessageType.Binary));

        var (reached, headers) = Assert.Single(_handshakes);
        Assert.Equal(target, reached);
        Assert.Equal($"Bearer {Keys.Operator}", headers.Authorization);
    }

    [Fact]
    public async Task Fragments_OfAMessage_PassOneByOne()
    {
        using var client = await ConnectAsync("/v1/realtime");
        var upstream = await _accepted.Task.Guarded();
        var buffer = new byte[100];
        foreach (var (from, to) in new (WebSocket, WebSocket)[] { (client, upstream), (upstream, client) })
        {
            await from.SendAsync("first"u8.ToArray(), WebSocketMessageType.Text, false, CancellationToken.None);
            var first = await to.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).Guarded();
            Assert.Equal((5, false), (first.Count, first.EndOfMessage));
            await from.SendAsync("last"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
            var last = await to.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).Guarded();
            Assert.Equal((4, true), (last.Count, last.EndOfMessage));
        }
    }

    [Fact]
    public async Task Frame_Of5Megabytes_PassesBothWays()
    {
        using var client = await ConnectAsync("/v1/realtime");
        var upstream = await _accepted.Task.Guarded();
        var data = RandomNumberGenerator.GetBytes(5 * 1024 * 1024);
        foreach (var (from, to) in new (WebSocket, WebSocket)[] { (client, upstream), (upstream, client) })
        {
            var sending = from.SendAsync(data, WebSocketMessageType.Binary, true, CancellationToken.None);
            Assert.Equal(data, await ReceiveAsync(to, WebSocketMessageType.Binary));
            await sending.Guarded();
        }
    }

    [Theory]
    [InlineData(1000, "bye")]
    [InlineData(1001, "")]
    [InlineData(1008, "policy: n\u00f6")]
    [InlineData(1011, "internal")]
    [InlineData(4001, "our own")]
    public async Task Close_OfTheClient_ReachesUpstreamWithCodeAndReason(int code, string reason)
    {
        using var client = await ConnectAsync("/v1/realtime");
        var upstream = await _accepted.Task.Guarded();

        await AssertClosePassesAsync(client, upstream, code, reason);
    }

    [Theory]
    [InlineData(1000, "bye")]
    [InlineData(1011, "internal")]
    [InlineData(1012, "restart")]
    [InlineData(4000, "session expired")]
    public async Task Close_OfTheUpstream_ReachesTheClientWithCodeAndReason(int code, string reason)
    {
        using var client = await ConnectAsync("/v1/realtime");
        var upstream = await _accepted.Task.Guarded();

        await AssertClosePassesAsync(upstream, client, code, reason);
    }

    [Fact]
    public async Task Client_ThatVanishes_EndsTheUpstreamSocket()
    {
        using var client = await ConnectAsync("/v1/realtime");
        var upstream = await _accepted.Task.Guarded();

        client.Abort();

        await Assert.ThrowsAsync<WebSocketException>(() => upstream.ReceiveAsync(new byte[10], CancellationToken.None).Guarded());
    }

    [Fact]
    public async Task Upstream_ThatVanishes_EndsTheClientsSocket()
    {
        using var client = await ConnectAsync("/v1/realtime");
        var upstream = await _accepted.Task.Guarded();

        upstream.Abort();

        await Assert.ThrowsAsync<WebSocketException>(() => client.ReceiveAsync(new byte[10], CancellationToken.None).Guarded());
    }

    [Fact]
    public async Task Subprotocols_WithAKey_TravelWithoutItAndTheKeyAsHeader()
    {
        using var client = await ConnectAsync("/v1/realtime", "realtime", $"openai-insecure-api-key.{Keys.Caller}", "openai-beta.realtime-v1");

        var (_, headers) = Assert.Single(_handshakes);
        Assert.Equal("realtime, openai-beta.realtime-v1", headers.SecWebSocketProtocol);
        Assert.Equal($"Bearer {Keys.Caller}", headers.Authorization);
        Assert.Equal("realtime", client.SubProtocol);
    }

    [Fact]
    public async Task Subprotocols_WithoutAKey_TravelUnchanged()
    {
        using var client = await ConnectAsync("/v1/realtime", "realtime", "x-other");

        var (_, headers) = Assert.Single(_handshakes);
        Assert.Equal("realtime, x-other", string.Join(", ", headers.SecWebSocketProtocol.ToArray()));
        Assert.Equal("realtime", client.SubProtocol);
    }

    [Fact]
    public async Task Handshake_WithNoSubprotocolButTheKey_OffersNone()
    {
        // No WebSocket client of .NET takes an answer without one of its protocols, so this one is by hand.
        await using var client = await _gateway.ConnectAsync();
        await client.SendAsync(Handshake($"Sec-WebSocket-Protocol: openai-insecure-api-key.{Keys.Caller}"));

        var head = await client.ReadHeadAsync();

        Assert.Equal(101, head.Status);
        Assert.DoesNotContain("insecure", head.Text, StringComparison.Ordinal);
        var (_, headers) = Assert.Single(_handshakes);
        Assert.Empty(headers.SecWebSocketProtocol.ToString());
        Assert.Equal($"Bearer {Keys.Caller}", headers.Authorization);
    }

    [Fact]
    public async Task Handshake_WithAnAccessKeyInTheSubprotocol_UsesTheOperatorsKey()
    {
        await using var gateway = await GatewayHost.StartAsync(
            _upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("Access:Keys", Keys.Access));
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("realtime");
        client.Options.AddSubProtocol($"openai-insecure-api-key.{Keys.Access}");
        client.Options.AddSubProtocol("openai-organization.org-mine");

        await client.ConnectAsync(gateway.WebSocketAddress("/v1/realtime"), CancellationToken.None).Guarded();

        var (_, headers) = Assert.Single(_handshakes);
        Assert.Equal($"Bearer {Keys.Operator}", headers.Authorization);
        Assert.Equal("realtime", headers.SecWebSocketProtocol);
    }

    [Fact]
    public async Task Handshake_WithAnUnknownAccessKey_Gets401()
    {
        await using var client = await _gateway.ConnectAsync();
        await client.SendAsync(Handshake($"Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.{Keys.UnknownAccess}"));

        var answer = await client.ReadMessageAsync();

        Assert.Equal(401, answer.Head.Status);
        Assert.Equal("invalid_api_key", ErrorObject.Parse(answer.Text).Code);
        Assert.Empty(_handshakes);
    }

    [Fact]
    public async Task Handshake_FromAnUnlistedBrowserPageWithoutKey_Gets403()
    {
        await using var client = await _gateway.ConnectAsync();
        await client.SendAsync(Handshake("Origin: https://page.example"));

        var answer = await client.ReadMessageAsync();

        Assert.Equal(403, answer.Head.Status);
        Assert.Equal("origin_not_allowed", ErrorObject.Parse(answer.Text).Code);
    }

    [Theory]
    [InlineData("401 Unauthorized", 401)]
    [InlineData("429 Too Many Requests", 429)]
    [InlineData("200 OK", 200)]
    public async Task Handshake_RefusedByUpstream_ReachesTheClientAsThatStatusAndBody(string status, int code)
    {
        await using var rig = await Rig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Handshake());
        await rig.Upstream.AnswerAsync($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nx-request-id: req_1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        var answer = await client.ReadMessageAsync();

        Assert.Equal(code, answer.Head.Status);
        Assert.Equal("{}", answer.Text);
        Assert.Equal("req_1", answer.Head["x-request-id"]);
    }

    [Fact]
    public async Task Handshake_WithUpstreamAway_Gets502()
    {
        await using var gateway = await GatewayHost.StartAsync(new Uri("http://127.0.0.1:1"), ("OpenAI:ApiKey", Keys.Operator));
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(Handshake());

        var answer = await client.ReadMessageAsync();

        Assert.Equal(502, answer.Head.Status);
        Assert.Equal("upstream_unreachable", ErrorObject.Parse(answer.Text).Code);
    }

    [Fact]
    public async Task OrdinaryRequest_OnAWebSocketsPath_IsForwardedToo()
    {
        await using var rig = await Rig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(Rig.Request("POST /v1/responses", "Content-Length: 2") + "{}");

        Assert.Null(request.Head["Upgrade"]);
        Assert.Equal("{}", request.Text);
    }

    [Fact]
    public async Task Client_OverHttp2_GetsAWebSocketToo()
    {
        await using var gateway = await GatewayHost.StartAsync(
            _upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:CleartextHttp2", "true"));
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        await client.ConnectAsync(gateway.WebSocketAddress("/v1/realtime"), invoker, CancellationToken.None).Guarded();
        var upstream = await _accepted.Task.Guarded();

        await SendAsync(client, "over two");

        Assert.Equal("over two", Encoding.UTF8.GetString(await ReceiveAsync(upstream, WebSocketMessageType.Text)));
    }

    private static string Handshake(params string[] headers) => Rig.Request(
        "GET /v1/realtime?model=gpt-realtime",
        ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", .. headers]);

    private static async Task AssertClosePassesAsync(WebSocket from, WebSocket to, int code, string reason)
    {
        await from.CloseOutputAsync((WebSocketCloseStatus)code, reason, CancellationToken.None).Guarded();
        var close = await to.ReceiveAsync(new byte[10], CancellationToken.None).Guarded();
        Assert.Equal(WebSocketMessageType.Close, close.MessageType);
        Assert.Equal(code, (int?)close.CloseStatus);
        Assert.Equal(reason, close.CloseStatusDescription);
        await to.CloseOutputAsync((WebSocketCloseStatus)code, reason, CancellationToken.None).Guarded();
        var answer = await from.ReceiveAsync(new byte[10], CancellationToken.None).Guarded();
        Assert.Equal(code, (int?)answer.CloseStatus);
    }

    private static Task SendAsync(WebSocket socket, string text)
        => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None).Guarded();

    private static async Task<byte[]> ReceiveAsync(WebSocket socket, WebSocketMessageType type)
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).Guarded();
            Assert.Equal(type, part.MessageType);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return message.ToArray();
    }

    private async Task<ClientWebSocket> ConnectAsync(string target, params string[] protocols)
    {
        var client = new ClientWebSocket();
        Array.ForEach(protocols, client.Options.AddSubProtocol);
        await client.ConnectAsync(_gateway.WebSocketAddress(target), CancellationToken.None).Guarded();
        return client;
    }
}

using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.Time.Testing;

namespace OpenAIProxy.Gateway.Tests.Listening;

/// <summary>Who holds no answer yet holds a connection for a limited time, and there are only so many.</summary>
public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task Connection_BeyondTheLimit_IsClosedAndAnotherOneIsServedOnceThereIsRoom()
    {
        await using var rig = await Rig.StartAsync(("Listen:MaxConnections", "2"));
        await using var first = await rig.Gateway.ConnectAsync();
        await first.SendAsync(Rig.Request("GET /v1/models"));
        await using var upstream = await rig.Upstream.AcceptAsync();
        await upstream.ReadMessageAsync();
        await using var second = await rig.Gateway.ConnectAsync();
        await second.SendAsync(Rig.Request("GET /health/live"));
        Assert.Equal(200, (await second.ReadMessageAsync()).Head.Status);

        await using (var third = await rig.Gateway.ConnectAsync())
        {
            await third.WaitForEndAsync();
        }

        await upstream.SendAsync(Rig.Ok);
        Assert.Equal(200, (await first.ReadMessageAsync()).Head.Status);
        await first.DisposeAsync();
        await HangGuard.Until(ServesAsync, served => served, "a connection is served again");

        async Task<bool> ServesAsync()
        {
            await using var next = await rig.Gateway.ConnectAsync();
            try
            {
                await next.SendAsync(Rig.Request("GET /health/live"));
                return (await next.ReadMessageAsync()).Head.Status == 200;
            }
            catch (Exception e) when (e is EndOfStreamException or System.Net.Sockets.SocketException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Connection_BeyondTheLimit_TakesThePlaceOfTheOldestThatIsSilent()
    {
        await using var rig = await Rig.StartAsync(("Listen:MaxConnections", "2"));
        await using var oldest = await rig.Gateway.ConnectAsync();
        await using var newest = await rig.Gateway.ConnectAsync();

        await using var speaking = await rig.Gateway.ConnectAsync();
        await speaking.SendAsync(Rig.Request("GET /health/live"));

        Assert.Equal(200, (await speaking.ReadMessageAsync()).Head.Status);
        await oldest.WaitForEndAsync();
        await newest.SendAsync(Rig.Request("GET /health/live"));
        Assert.Equal(200, (await newest.ReadMessageAsync()).Head.Status);
    }

    [Fact]
    public async Task Connection_ThatSendsNothing_IsEndedAfterTheTimeOfAHead()
    {
        var time = new FakeTimeProvider();
        await using var rig = await Rig.StartAsync(time, ("Listen:HeadTimeout", "1h"));
        await using var client = await rig.Gateway.ConnectAsync();
        var ended = client.WaitForEndAsync();

        await HangGuard.Until(
            () =>
            {
                time.Advance(TimeSpan.FromHours(1));
                return ended.IsCompleted;
            },
            "the connection is ended");

        await ended;
        Assert.False(rig.Upstream.HasCaller);
    }

    [Fact]
    public async Task Head_ThatStopsHalfway_EndsTheConnection()
    {
        await using var rig = await Rig.StartAsync(("Listen:HeadTimeout", "2s"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync("GET /v1/models HTTP/1.1\r\nHost: loc");

        await client.WaitForEndAsync();

        Assert.False(rig.Upstream.HasCaller);
    }

    [Theory]
    [InlineData("/v1/files")]
    [InlineData("/v1/chat/completions")]
    public async Task Body_ThatComesByteByByte_IsRefused(string path)
    {
        await using var rig = new Rig([("Listen:SlowBodyTimeout", "2s")], isMetered: true);
        await rig.InitializeAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request($"POST {path}", "Content-Type: application/json", "Content-Length: 100000"));
        using var over = new CancellationTokenSource();
        var sending = TrickleAsync(client, over.Token);

        var answer = await client.ReadMessageAsync();

        await over.CancelAsync();
        await sending;
        Assert.Equal(408, answer.Head.Status);
        Assert.Equal("invalid_request_body", ErrorObject.Parse(answer.Text).Code);
    }

    [Fact]
    public async Task WebSocket_BeyondTheLimit_Gets503AndOneIsTakenOnceThereIsRoom()
    {
        await using var upstream = await AppUpstream.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.ReceiveAsync(new byte[10], CancellationToken.None);
        });
        await using var gateway = await GatewayHost.StartAsync(upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("Listen:MaxWebSockets", "1"));
        using var first = new ClientWebSocket();
        await first.ConnectAsync(gateway.WebSocketAddress("/v1/realtime"), CancellationToken.None).Guarded();

        await using var second = await gateway.ConnectAsync();
        await second.SendAsync(Handshake);
        var answer = await second.ReadMessageAsync();

        Assert.Equal(503, answer.Head.Status);
        Assert.Equal("1", answer.Head["Retry-After"]);
        var error = ErrorObject.Parse(answer.Text);
        Assert.Equal("too_many_connections", error.Code);
        Assert.Contains("Listen:MaxWebSockets", error.Message, StringComparison.Ordinal);
        first.Abort();
        await HangGuard.Until(OpensAsync, opens => opens, "a WebSocket is taken again");

        async Task<bool> OpensAsync()
        {
            await using var client = await gateway.ConnectAsync();
            await client.SendAsync(Handshake);
            return (await client.ReadHeadAsync()).Status == 101;
        }
    }

    [Fact]
    public async Task Calls_ThatShareAConnection_AreAsManyAsConnectionsMayBe()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await AppUpstream.StartAsync(_ => release.Task);
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("Listen:MaxConnections", "3"), ("Forwarding:CleartextHttp2", "true"));
        using var client = gateway.CreateClient(HttpVersion.Version20);

        var calls = Enumerable.Range(0, 4).Select(_ => client.GetAsync("/v1/models")).ToArray();

        await AssertOneIsRefusedAsync(calls, release);
    }

    [Fact]
    public async Task BillingQueries_ThatShareAConnection_AreCountedWithTheCalls()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var billing = await AppUpstream.StartAsync(_ => release.Task);
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:1"), ("OpenAI:ApiKey", Keys.Operator), ("services:billing:http:0", billing.Address.ToString()),
            ("Listen:MaxConnections", "3"), ("Forwarding:CleartextHttp2", "true"));
        using var client = gateway.CreateClient(HttpVersion.Version20);

        var calls = ((string[])["/billing/credit_grants", "/usage", "/v1/dashboard/billing/usage", "/billing/usage"]).Select(p => client.GetAsync(p)).ToArray();

        await AssertOneIsRefusedAsync(calls, release);
    }

    [Fact]
    public async Task WebSocket_ThatSharesAConnection_CountsAsACallToo()
    {
        await using var upstream = await AppUpstream.StartAsync(async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.ReceiveAsync(new byte[10], CancellationToken.None);
        });
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("Listen:MaxConnections", "2"), ("Listen:MaxWebSockets", "2"),
            ("Forwarding:CleartextHttp2", "true"));
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var first = await OpenAsync();
        using var second = await OpenAsync();

        using var answer = await CallAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Listen:MaxConnections", (await ErrorObject.ReadAsync(answer)).Message, StringComparison.Ordinal);
        second.Abort();
        await HangGuard.Until(ServesAsync, serves => serves, "a call is taken again");

        async Task<ClientWebSocket> OpenAsync()
        {
            var socket = new ClientWebSocket();
            socket.Options.HttpVersion = HttpVersion.Version20;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            await socket.ConnectAsync(gateway.WebSocketAddress("/v1/realtime"), invoker, CancellationToken.None).Guarded();
            return socket;
        }

        // On the connection of the sockets: there may be no third one.
        async Task<HttpResponseMessage> CallAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/v1/models"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            return await invoker.SendAsync(request, CancellationToken.None).Guarded();
        }

        async Task<bool> ServesAsync()
        {
            using var next = await CallAsync();
            return next.StatusCode == HttpStatusCode.OK;
        }
    }

    // The others wait for it, and then succeed.
    private static async Task AssertOneIsRefusedAsync(Task<HttpResponseMessage>[] calls, TaskCompletionSource release)
    {
        var refused = await Task.WhenAny(calls).Guarded();

        using var answer = await refused;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("too_many_connections", (await ErrorObject.ReadAsync(answer)).Code);
        release.SetResult();
        foreach (var call in calls.Where(c => c != refused))
        {
            using var other = await call.Guarded();
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }
    }

    private static string Handshake => Rig.Request(
        "GET /v1/realtime?model=gpt-realtime",
        "Connection: Upgrade", "Upgrade: WebSocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

    private static async Task TrickleAsync(RawConnection client, CancellationToken over)
    {
        try
        {
            while (!over.IsCancellationRequested)
            {
                await client.SendAsync(" ");
                await Task.Delay(100, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The gateway has closed.
        }
    }
}

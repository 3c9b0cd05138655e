using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class TimeoutTests
{
    private const string StreamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData("Forwarding:FirstByteTimeout", "300ms")]
    [InlineData("TIMEOUT", "1")]
    public async Task Upstream_ThatNeverAnswers_Gives504NamingTheTimer(string name, string value)
    {
        await using var rig = await Rig.StartAsync((name, value));
        var call = rig.Client.PostAsync("/v1/responses", new StringContent("{}"));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();

        using var answer = await call.Guarded();

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var error = await ErrorObject.ReadAsync(answer);
        Assert.Equal("upstream_timeout", error.Code);
        Assert.Contains("Forwarding:FirstByteTimeout", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ConnectTimeout", error.Message, StringComparison.Ordinal);
        await connection.WaitForEndAsync();
        Assert.False(rig.Upstream.HasCaller, "The gateway tried again by itself.");
    }

    [Fact]
    public async Task Upstream_ThatCannotBeConnectedTo_Gives504NamingTheTimer()
    {
        using var full = await FullListener.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            full.Address, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:ConnectTimeout", "300ms"));

        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var error = await ErrorObject.ReadAsync(answer);
        Assert.Equal("upstream_timeout", error.Code);
        Assert.Contains("Forwarding:ConnectTimeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstByteTimeout_BelowTheConnectTimeout_IsTheOneNamed()
    {
        using var full = await FullListener.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            full.Address, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:FirstByteTimeout", "300ms"));

        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Contains("Forwarding:FirstByteTimeout", (await ErrorObject.ReadAsync(answer)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StreamHead)]
    [InlineData(StreamHead + "9\r\ndata: 1\n\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]
    public Task Stream_ThatFallsSilent_IsBrokenForTheClient(string sent)
        => Unhurried.RunAsync(async times =>
        {
            // Long enough for connecting and for code that runs for the first time: the idle limit covers them, too.
            await using var rig = await Rig.StartAsync(("Forwarding:IdleTimeout", $"{3 * times}s"));
            await using var client = await rig.Gateway.ConnectAsync();
            await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
            await using var connection = await rig.Upstream.AcceptAsync();
            await connection.ReadMessageAsync();
            await connection.SendAsync(sent);

            var answer = await client.ReadMessageAsync();

            Assert.Equal(200, answer.Head.Status);
            Assert.NotEqual(RawEnd.Complete, answer.End);
            await connection.WaitForEndAsync();
        });

    [Fact]
    public Task Stream_LongerThanEveryTimer_Passes()
        => Unhurried.RunAsync(async times =>
        {
            await using var rig = await Rig.StartAsync(
                ("Forwarding:IdleTimeout", $"{4 * times}s"), ("Forwarding:FirstByteTimeout", $"{3 * times}s"), ("Forwarding:ConnectTimeout", $"{3 * times}s"));
            await using var client = await rig.Gateway.ConnectAsync();
            await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
            await using var connection = await rig.Upstream.AcceptAsync();
            await connection.ReadMessageAsync();
            await connection.SendAsync(StreamHead);
            for (var i = 0; i < 50; i++)
            {
                await Task.Delay(100 * times);
                await connection.SendChunkAsync("data: 1\n\n");
            }

            await connection.SendChunkAsync("");
            var answer = await client.ReadMessageAsync();

            Assert.Equal(RawEnd.Complete, answer.End);
            Assert.Equal(450, answer.Body.Length);
        });

    [Fact]
    public Task Upload_LongerThanTheFirstByteTimeout_Passes()
        => Unhurried.RunAsync(async times =>
        {
            await using var rig = await Rig.StartAsync(("Forwarding:FirstByteTimeout", $"{4 * times}s"));
            await using var client = await rig.Gateway.ConnectAsync();
            await client.SendAsync(Rig.Request("POST /v1/files", "Transfer-Encoding: chunked"));
            await using var connection = await rig.Upstream.AcceptAsync();
            for (var i = 0; i < 10; i++)
            {
                await Task.Delay(500 * times);
                await client.SendChunkAsync("more");
            }

            await client.SendChunkAsync("");
            var request = await connection.ReadMessageAsync();
            await connection.SendAsync(Rig.Ok);

            Assert.Equal(40, request.Body.Length);
            Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        });

    [Fact]
    public Task SmallBody_ThatComesSlowerThanTheFirstByteTimeout_Passes()
        => Unhurried.RunAsync(async times =>
        {
            await using var rig = await Rig.StartAsync(("Forwarding:FirstByteTimeout", $"{2 * times}s"));
            await using var client = await rig.Gateway.ConnectAsync();
            await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{");
            await using var connection = await rig.Upstream.AcceptAsync();
            await Task.Delay(3_000 * times);
            await client.SendAsync("}");
            var request = await connection.ReadMessageAsync();
            await connection.SendAsync(Rig.Ok);

            Assert.Equal("{}", request.Text);
            Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        });

    [Fact]
    public async Task Upload_ThatStops_IsTheClientsFault()
    {
        await using var rig = await Rig.StartAsync(("Forwarding:IdleTimeout", "500ms"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Content-Length: 2") + "{");

        var answer = await client.ReadMessageAsync();

        Assert.Equal(408, answer.Head.Status);
        var error = ErrorObject.Parse(answer.Text);
        Assert.Equal("request_timeout", error.Code);
        Assert.Contains("Forwarding:IdleTimeout", error.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Gateway.Logs.Find("upstream did not answer"));
    }

    [Fact]
    public Task WebSocket_ThatFallsSilent_IsEnded()
        => Unhurried.RunAsync(async times =>
        {
            await using var upstream = await AppUpstream.StartAsync(async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            });
            await using var gateway = await GatewayHost.StartAsync(
                upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:IdleTimeout", $"{3 * times}s"));
            using var client = new ClientWebSocket();
            client.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            await client.ConnectAsync(gateway.WebSocketAddress("/v1/realtime"), CancellationToken.None).Guarded();

            await Assert.ThrowsAsync<WebSocketException>(() => client.ReceiveAsync(new byte[10], CancellationToken.None).Guarded());
        });

    /// <summary>A listener that nobody can connect to any more: its queue is full, and connecting neither works nor fails.</summary>
    private sealed class FullListener : IDisposable
    {
        // A queue of one has room for two; the others go on trying, so it stays full.
        private const int Places = 2;
        private const int More = 8;

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<Socket> _waiting = [];

        private FullListener()
        {
            _listener.Start(1);
            Address = new Uri($"http://{_listener.LocalEndpoint}");
        }

        public Uri Address { get; }

        public static async Task<FullListener> StartAsync()
        {
            var full = new FullListener();
            var connecting = new List<Task>();
            for (var i = 0; i < More; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                full._waiting.Add(socket);
                connecting.Add(socket.ConnectAsync(full._listener.LocalEndpoint));
            }

            for (var i = 0; i < Places; i++)
            {
                var connected = await Task.WhenAny(connecting).Guarded();
                await connected;
                connecting.Remove(connected);
            }

            return full;
        }

        public void Dispose()
        {
            _waiting.ForEach(s => s.Dispose());
            _listener.Dispose();
        }
    }
}

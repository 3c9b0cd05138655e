using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.Gateway.Stopping;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.Stopping;

/// <summary>A gateway that is told to stop lets answers in progress end, for a time; what it cuts then is seen as broken.</summary>
public sealed class GracefulStopTests
{
    private const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    private const string Word = "data: {\"model\":\"gpt-4o-mini\",\"choices\":[{\"delta\":{\"content\":\"hello\"}}]}\n\n";
    private const string Body = """{"model":"gpt-4o-mini","stream":true,"messages":[]}""";

    // More than the second that a stop may take while nothing is open, on a machine with other work.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Stream_EndingInTime_IsWhole_WhileNewConnectionsAreRefused()
    {
        await using var rig = await Rig.StartAsync(_time, ("Forwarding:KeepAlive", "0"));
        await using var client = await rig.Gateway.ConnectAsync();
        await using var upstream = await StartStreamAsync(client, rig.Upstream);

        var stop = rig.Gateway.StopAsync();
        await RefusesAsync(rig.Gateway);
        _time.Advance(TimeSpan.FromMinutes(4.9));
        await upstream.SendChunkAsync(Word);
        await upstream.SendChunkAsync("");

        Assert.Equal(Word.Length, (await client.ReadChunkAsync()).Length);
        Assert.Empty(await client.ReadChunkAsync());
        Assert.Equal(RawEnd.Closed, await client.WaitForEndAsync());
        await stop.Guarded();
        var line = Assert.Single(rig.Gateway.Logs.Find("Stopping with 1 connections open"));
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Contains("may take 5m", line.Text, StringComparison.Ordinal);
        Assert.Empty(rig.Gateway.Logs.Find("Cut 1 connections"));
    }

    [Fact]
    public async Task Stream_OutlastingTheTime_IsBrokenForTheClientAndCancelledUpstream()
    {
        await using var rig = await Rig.StartAsync(_time, ("Forwarding:DrainTimeout", "1m"));
        await using var client = await rig.Gateway.ConnectAsync();
        await using var upstream = await StartStreamAsync(client, rig.Upstream);
        var stop = rig.Gateway.StopAsync();
        await RefusesAsync(rig.Gateway);
        await OnlyOneIsOpenAsync(rig.Gateway);

        _time.Advance(TimeSpan.FromMinutes(1));

        // A reset, which even a client that takes the end of the connection for the end of the answer can't mistake.
        Assert.Equal(RawEnd.Reset, await client.WaitForEndAsync());
        await upstream.WaitForEndAsync();
        await stop.Guarded();
        Assert.Single(rig.Gateway.Logs.Find("Cut 1 connections with unfinished answers: Forwarding:DrainTimeout is 1m."));
    }

    [Fact]
    public async Task Upload_EndingInTime_IsAnswered()
    {
        await using var rig = await Rig.StartAsync(_time);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Content-Length: 2") + "{");
        await using var upstream = await rig.Upstream.AcceptAsync();
        var head = await upstream.ReadHeadAsync();

        var stop = rig.Gateway.StopAsync();
        await RefusesAsync(rig.Gateway);
        await client.SendAsync("}");
        Assert.Equal("{}", (await upstream.ReadBodyAsync(head)).Text);
        await upstream.SendAsync(Rig.Ok);

        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        await stop.Guarded();
    }

    [Fact]
    public async Task Http2Streams_OutlastingTheTime_AreBroken_AndTheOthersWhole()
    {
        await using var rig = await Rig.StartAsync(_time, ("Forwarding:CleartextHttp2", "true"));
        using var client = rig.Gateway.CreateClient(HttpVersion.Version20);
        var (whole, ends) = await StartHttp2StreamAsync(client, rig.Upstream);
        var (cut, goesOn) = await StartHttp2StreamAsync(client, rig.Upstream);
        await using var disposeEnds = ends;
        await using var disposeGoesOn = goesOn;

        var stop = rig.Gateway.StopAsync();
        await RefusesAsync(rig.Gateway);
        await ends.SendChunkAsync("");
        Assert.Equal(Word, await whole.Content.ReadAsStringAsync().Guarded());
        _time.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThrowsAsync<HttpRequestException>(() => cut.Content.ReadAsStringAsync().Guarded());
        await goesOn.WaitForEndAsync();
        await stop.Guarded();
    }

    [Fact]
    public async Task WebSocket_OutlastingTheTime_EndsWithoutACloseFrame()
    {
        var accepted = new TaskCompletionSource<WebSocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await AppUpstream.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            accepted.SetResult(socket);
            await over.Task;
        });
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address, builder => builder.Services.AddSingleton<TimeProvider>(_time), ("OpenAI:ApiKey", Keys.Operator));
        using var client = new ClientWebSocket();
        await client.ConnectAsync(gateway.WebSocketAddress("/v1/realtime"), CancellationToken.None).Guarded();
        var ours = await accepted.Task.Guarded();

        var stop = gateway.StopAsync();
        await RefusesAsync(gateway);
        await ours.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None).Guarded();
        Assert.Equal(10, (await client.ReceiveAsync(new byte[20], CancellationToken.None).Guarded()).Count);
        _time.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThrowsAsync<WebSocketException>(() => client.ReceiveAsync(new byte[20], CancellationToken.None).Guarded());
        await Assert.ThrowsAsync<WebSocketException>(() => ours.ReceiveAsync(new byte[20], CancellationToken.None).Guarded());
        over.SetResult();
        await stop.Guarded();
    }

    [Fact]
    public async Task IdleConnection_IsClosedAtOnce_AndTheStopWaitsForNothing()
    {
        await using var rig = await Rig.StartAsync(_time);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /health/live"));
        await client.ReadMessageAsync();

        await rig.Gateway.StopAsync().WaitAsync(Soon);

        Assert.Equal(RawEnd.Closed, await client.WaitForEndAsync());
        Assert.Empty(rig.Gateway.Logs.Find("Cut 1 connections"));
    }

    [Theory]
    [InlineData("/health/ready", 503)]
    [InlineData("/healthz", 503)]
    [InlineData("/health/live", 200)]
    public async Task Health_AskedWhileStopping_IsNotReadyButAlive(string path, int status)
    {
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:1"),
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionLogging())),
            ("OpenAI:ApiKey", Keys.Operator));
        await using var client = await gateway.ConnectAsync();
        // A request that has begun keeps its connection open.
        await client.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n");
        await HangGuard.Until(() => gateway.Logs.Find("ReadAsync[").Count > 0, "the gateway has read the beginning");

        var stop = gateway.StopAsync();
        await RefusesAsync(gateway);
        await client.SendAsync("\r\n");

        Assert.Equal(status, (await client.ReadMessageAsync()).Head.Status);
        await stop.Guarded();
    }

    [Theory]
    [InlineData("Cancel")]
    [InlineData("Drain")]
    public async Task CutStream_HasItsUsageRecord_BeforeTheStopGoesOn(string onClientAbort)
    {
        await using var rig = await MeteredRig.StartAsync(_time, ("Metering:OnClientAbort", onClientAbort));
        await using var client = await rig.Gateway.ConnectAsync();
        await using var upstream = await StartStreamAsync(client, rig.Upstream);
        await using var asking = await rig.Gateway.ConnectAsync();
        await asking.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var silent = await rig.Upstream.AcceptAsync();
        await silent.ReadMessageAsync();
        var stop = rig.Gateway.StopAsync();
        await RefusesAsync(rig.Gateway);

        _time.Advance(TimeSpan.FromMinutes(5));
        await stop.Guarded();

        Assert.Equal(2, rig.Journal.Records.Count);
        Assert.All(rig.Journal.Records, record => Assert.Equal((true, true), (record.IsCut, record.Lines[0].Estimated)));
        Assert.Contains(rig.Journal.Records, record => record.Status == 200);
    }

    [Fact]
    public async Task UsageOfACutStream_IsShippedBeforeTheGatewayEnds()
    {
        var batches = new ConcurrentQueue<UsageBatch>();
        await using var billing = await AppUpstream.StartAsync(async context =>
        {
            if (context.Request.Path == UsageBatch.Path)
            {
                batches.Enqueue((await JsonSerializer.DeserializeAsync(context.Request.Body, ContractsJson.Default.UsageBatch))!);
            }

            context.Response.StatusCode = 204;
        });
        await using var upstream = new RawUpstream();
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address, builder => builder.Services.AddSingleton<TimeProvider>(_time),
            ("OpenAI:ApiKey", Keys.Operator), ("services:billing:http:0", billing.Address.ToString()));
        await using var client = await gateway.ConnectAsync();
        await using var connection = await StartStreamAsync(client, upstream);
        var stop = gateway.StopAsync();
        await RefusesAsync(gateway);

        _time.Advance(TimeSpan.FromMinutes(5));
        await stop.Guarded();

        var row = Assert.Single(batches.SelectMany(batch => batch.Rows));
        Assert.Equal((1, 1), (row.Counts.Requests, row.Counts.Cut));
    }

    [Fact]
    public async Task SecondSignal_CutsWhatIsOpen()
    {
        await using var rig = await Rig.StartAsync(_time);
        await using var client = await rig.Gateway.ConnectAsync();
        await using var upstream = await StartStreamAsync(client, rig.Upstream);
        var stop = rig.Gateway.StopAsync();
        await RefusesAsync(rig.Gateway);
        await OnlyOneIsOpenAsync(rig.Gateway);

        rig.Gateway.Services.GetRequiredService<GracefulStop>().CutNow();

        Assert.Equal(RawEnd.Reset, await client.WaitForEndAsync());
        await stop.Guarded();
        Assert.Single(rig.Gateway.Logs.Find("Cut 1 connections with unfinished answers: told to stop a second time."));
    }

    private static async Task<RawConnection> StartStreamAsync(RawConnection client, RawUpstream upstream)
    {
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        var connection = await upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendChunkAsync(Word);
        await client.ReadHeadAsync();
        await client.ReadChunkAsync();
        return connection;
    }

    private static async Task<(HttpResponseMessage Answer, RawConnection Upstream)> StartHttp2StreamAsync(HttpClient client, RawUpstream upstream)
    {
        var call = client.GetAsync("/v1/responses/resp_1?stream=true", HttpCompletionOption.ResponseHeadersRead);
        var connection = await upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendChunkAsync(Word);
        return (await call.Guarded(), connection);
    }

    // Who tried whether connections are refused may have been let in once more, and is closed then.
    private static Task OnlyOneIsOpenAsync(GatewayHost gateway)
        => HangGuard.Until(() => gateway.Services.GetRequiredService<OpenConnections>().Count == 1, "one connection is open");

    private static Task<bool> RefusesAsync(GatewayHost gateway) => HangGuard.Until(
        async () =>
        {
            try
            {
                await using var connection = await gateway.ConnectAsync();
                return false;
            }
            catch (SocketException e)
            {
                return e.SocketErrorCode == SocketError.ConnectionRefused;
            }
        },
        refused => refused,
        "new connections are refused");
}

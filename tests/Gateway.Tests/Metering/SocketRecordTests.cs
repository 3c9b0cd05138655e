using System.Net;
using System.Net.WebSockets;
using System.Text;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>WebSocket sessions through a metering gateway: a record for each response, and one for the session.</summary>
public sealed class SocketRecordTests : IAsyncLifetime
{
    private const string Done = """
        {"type":"response.done","response":{"id":"resp_1","object":"realtime.response","status":"completed","usage":{"total_tokens":30,"input_tokens":20,"output_tokens":10}}}
        """;

    private readonly TaskCompletionSource<(WebSocket Socket, string? Extensions)> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestJournal _journal = new();
    private AppUpstream _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await AppUpstream.StartAsync(async context =>
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        _accepted.SetResult((socket, context.Request.Headers["Sec-WebSocket-Extensions"]));
        await _over.Task;
    });

    public async ValueTask DisposeAsync()
    {
        _over.TrySetResult();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_WithAResponse_GivesTwoRecords(bool http2)
    {
        await using var gateway = await MeteredRig.StartGatewayAsync(
            _upstream.Address, _journal, ("Forwarding:CleartextHttp2", http2 ? "true" : "false"));
        using var client = new ClientWebSocket();
        client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        client.Options.HttpVersion = http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await client.ConnectAsync(gateway.WebSocketAddress("/v1/realtime?model=gpt-realtime"), invoker, CancellationToken.None).Guarded();
        var (upstream, extensions) = await _accepted.Task.Guarded();

        var large = "{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + new string('A', 200_000) + "\"}";
        await SendAsync(client, large);
        Assert.Equal(large, await ReceiveAsync(upstream));
        await SendAsync(upstream, Done);
        Assert.Equal(Done, await ReceiveAsync(client));
        Assert.Single(_journal.Records);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None).Guarded();
        await upstream.ReceiveAsync(new byte[10], CancellationToken.None).Guarded();
        await upstream.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None).Guarded();
        _over.SetResult();

        var records = await _journal.WaitAsync(2);
        Assert.Null(extensions);
        Assert.All(records, r => Assert.Equal(("realtime", "gpt-realtime", 101), (r.Endpoint, r.RequestedModel, r.Status)));
        Assert.Equal((20L, 10L, UsageUnit.Tokens), (records[0].Lines[0].Counts.Input, records[0].Lines[0].Counts.Output, records[0].Lines[0].Unit));
        Assert.Equal(UsageUnit.Free, records[1].Lines[0].Unit);
    }

    [Fact]
    public async Task Session_ThatIsRefused_IsAFailure()
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(
            Rig.Request("GET /v1/realtime?model=gpt-realtime", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
            MeteredRig.Answer("{}", status: "401 Unauthorized"));

        var record = await rig.RecordAsync();
        Assert.Equal((401, true, UsageUnit.Free), (record.Status, record.IsError, record.Lines[0].Unit));
    }

    [Fact]
    public async Task Session_OfAKindThatNobodyMeters_IsUnmetered()
    {
        await using var gateway = await MeteredRig.StartGatewayAsync(_upstream.Address, _journal);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(gateway.WebSocketAddress("/v1/unheard/of"), CancellationToken.None).Guarded();
        await _accepted.Task.Guarded();
        client.Abort();

        Assert.Equal(UsageUnit.Unmetered, (await _journal.WaitAsync(1))[0].Lines[0].Unit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_ThatTranslates_IsBilledByItsTime(bool isCut)
    {
        await using var gateway = await MeteredRig.StartGatewayAsync(_upstream.Address, _journal);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(gateway.WebSocketAddress("/v1/realtime/translations?model=gpt-realtime-translate"), CancellationToken.None).Guarded();
        var (upstream, _) = await _accepted.Task.Guarded();
        if (!isCut)
        {
            await SendAsync(upstream, """{"type":"session.closed"}""");
            await ReceiveAsync(client);
        }

        client.Abort();

        var record = (await _journal.WaitAsync(isCut ? 1 : 2))[0];
        var line = record.Lines[0];
        Assert.Equal(("realtime", "gpt-realtime-translate", isCut), (record.Endpoint, record.RequestedModel, record.IsCut));
        Assert.Equal((UsageUnit.Milliseconds, true), (line.Unit, line.Estimated));
        Assert.InRange(line.Counts.Quantity, 0, 60_000);
    }

    private static Task SendAsync(WebSocket socket, string text)
        => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None).Guarded();

    private static async Task<string> ReceiveAsync(WebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).Guarded();
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return Encoding.UTF8.GetString(message.ToArray());
    }
}

using System.Net.WebSockets;
using System.Text;
using OpenAIProxy.Usage;

namespace OpenAIProxy.Gateway.Tests.Metering.Charges;

/// <summary>Responses over a WebSocket through a metering gateway, in front of an upstream that the test plays.</summary>
internal sealed class ResponseSocket : IAsyncDisposable
{
    private readonly TaskCompletionSource<WebSocket> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ClientWebSocket _client = new();
    private readonly TestJournal _journal = new();
    private AppUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    public static async Task<ResponseSocket> StartAsync()
    {
        var socket = new ResponseSocket();
        socket._upstream = await AppUpstream.StartAsync(async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            socket._accepted.SetResult(accepted);
            await socket._over.Task;
        });
        socket._gateway = await MeteredRig.StartGatewayAsync(socket._upstream.Address, socket._journal);
        await socket._client.ConnectAsync(socket._gateway.WebSocketAddress("/v1/responses"), CancellationToken.None).Guarded();
        return socket;
    }

    /// <summary>The client asks, and the upstream has heard it.</summary>
    public async Task SendAsync(string message)
    {
        await _client.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None).Guarded();
        await ReceiveAsync(await _accepted.Task.Guarded());
    }

    /// <summary>The upstream answers, and the client has heard it.</summary>
    public async Task AnswerAsync(string message)
    {
        var upstream = await _accepted.Task.Guarded();
        await upstream.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None).Guarded();
        await ReceiveAsync(_client);
    }

    /// <summary>The first response's record, once the session is over.</summary>
    public async Task<UsageRecord> RecordAsync()
    {
        _client.Abort();
        var records = await _journal.WaitAsync(2);
        Assert.False(records[1].IsCut);
        return records[0];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _over.TrySetResult();
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static async Task ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).Guarded();
        }
        while (!part.EndOfMessage);
    }
}

using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections.Features;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Sockets;

/// <summary>A WebSocket that carries JSON in text frames.</summary>
internal sealed class JsonSocket(HttpContext context, WebSocket socket)
{
    private readonly ArrayBufferWriter<byte> _received = new();

    // Once a HTTP/1.1 request is upgraded, RequestAborted tells no more of the client.
    private readonly CancellationToken _gone =
        HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IConnectionLifetimeFeature>() is { } connection
            ? connection.ConnectionClosed
            : context.RequestAborted;

    public Behavior Behavior { get; } = context.Behavior();

    /// <summary>Accepts with the subprotocol <c>realtime</c> if the client offers it. Delays and headers are as with any answer.</summary>
    public static async Task<JsonSocket> AcceptAsync(HttpContext context)
    {
        await Reply.BeginAsync(context, context.Behavior() with { DelayAfterHead = null });
        var protocol = context.WebSockets.WebSocketRequestedProtocols.Contains("realtime") ? "realtime" : null;
        return new JsonSocket(context, await context.WebSockets.AcceptWebSocketAsync(protocol));
    }

    /// <summary>
    /// The next text message, of any length. Binary messages are sent back as they are. Null once the socket is closed:
    /// a close by the client is answered with its own code and reason.
    /// </summary>
    public async Task<ReadOnlyMemory<byte>?> ReceiveAsync()
    {
        while (true)
        {
            _received.ResetWrittenCount();
            ValueWebSocketReceiveResult frame;
            do
            {
                // Not until the client is gone: a close frame that it sent before is still to be read.
                frame = await socket.ReceiveAsync(_received.GetMemory(16 * 1024), CancellationToken.None);
                _received.Advance(frame.Count);
            }
            while (!frame.EndOfMessage);

            switch (frame.MessageType)
            {
                case WebSocketMessageType.Text:
                    return _received.WrittenMemory;
                case WebSocketMessageType.Binary:
                    await socket.SendAsync(_received.WrittenMemory, WebSocketMessageType.Binary, true, _gone);
                    break;
                default:
                    await AnswerCloseAsync();
                    return null;
            }
        }
    }

    public ValueTask SendAsync(string json) => socket.SendAsync(Json.Bytes(json).AsMemory(), WebSocketMessageType.Text, true, _gone);

    public Task CloseAsync(int code, string reason) => socket.CloseAsync((WebSocketCloseStatus)code, reason, _gone);

    /// <summary>Ends the connection without a close frame, or never says anything again.</summary>
    public Task CutAsync(Fault fault) => fault == Fault.Hang ? ConnectionCut.HangAsync(_gone) : ConnectionCut.MakeAsync(context, fault);

    /// <summary>The pause between two events.</summary>
    public Task PaceAsync() => Behavior.ChunkDelay > TimeSpan.Zero ? Task.Delay(Behavior.ChunkDelay, _gone) : Task.CompletedTask;

    private Task AnswerCloseAsync() => socket.CloseStatus is { } code and not WebSocketCloseStatus.Empty
        ? socket.CloseOutputAsync(code, socket.CloseStatusDescription, _gone)
        : socket.CloseOutputAsync(WebSocketCloseStatus.Empty, null, _gone);
}

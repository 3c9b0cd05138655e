using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Shapes;
using OpenAIProxy.Simulator.Streaming;

namespace OpenAIProxy.Simulator.Sockets;

/// <summary><c>/v1/responses</c> over a WebSocket: each <c>response.create</c> is answered with the events of a stream, one a frame.</summary>
internal static class ResponseSocket
{
    public static async Task RunAsync(HttpContext context)
    {
        var socket = await JsonSocket.AcceptAsync(context);
        while (await socket.ReceiveAsync() is { } message)
        {
            if (SocketEvent.Parse(message) is not { Type: "response.create" } received)
            {
                await socket.SendAsync("""{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"invalid_event","message":"Only 'response.create' is known here.","param":"type"}}""");
                continue;
            }

            if (!await RespondAsync(socket, received))
            {
                return;
            }
        }
    }

    /// <summary>Sends a whole response. False if a fault ended the connection.</summary>
    private static async Task<bool> RespondAsync(JsonSocket socket, SocketEvent received)
    {
        var behavior = socket.Behavior;
        var call = behavior.Tally?.Begin(behavior.Tag, "responses", behavior.Answered(received.Model), behavior.Tokens);
        var script = new ResponseScript(Ids.New("resp_"), received.Model, socket.Behavior);
        var lane = received.StreamId is { } id ? $",\"stream_id\":{Json.Quote(id)}" : "";
        for (var i = 0; i < script.Count; i++)
        {
            if (i == script.Count / 2)
            {
                switch (socket.Behavior.Fault)
                {
                    case Fault.Reset or Fault.Eof or Fault.Hang:
                        await socket.CutAsync(socket.Behavior.Fault);
                        return false;
                    case Fault.ErrorEvent:
                        await socket.SendAsync(WithLane(script.ErrorEvent(i).Json, lane));
                        return true;
                }
            }

            if (i == script.Count - 1 && socket.Behavior.Fault == Fault.NoDone)
            {
                return true;
            }

            await socket.PaceAsync();
            await socket.SendAsync(WithLane(script.Event(i).Json, lane));
        }

        call?.Answered();
        return true;
    }

    private static string WithLane(string json, string lane) => $"{json[..^1]}{lane}}}";
}

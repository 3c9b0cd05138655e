using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Sockets;

/// <summary>
/// <c>/v1/live/sessions</c>: a session that begins with <c>session.start</c>. Each event after it lasts <c>x-sim-seconds</c>, and is answered
/// with all seconds so far; <c>session.close</c> ends it.
/// </summary>
internal static class LiveSocket
{
    public static async Task RunAsync(HttpContext context)
    {
        var socket = await JsonSocket.AcceptAsync(context);
        var id = Ids.New("live_");
        var seconds = 0L;
        while (await socket.ReceiveAsync() is { } message)
        {
            switch (SocketEvent.Parse(message))
            {
                case { Type: "session.start" } start:
                    await socket.SendAsync(
                        $$$"""{"type":"session.started","event_id":"{{{Ids.New("event_")}}}","session":{"id":"{{{id}}}","object":"live.session","model":{{{Json.Quote(start.Model)}}}}}""");
                    break;
                case { Type: "session.close" }:
                    await socket.SendAsync(
                        $$$"""{"type":"session.closed","event_id":"{{{Ids.New("event_")}}}","reason":"close_requested","usage":{"seconds":{{{seconds}}}}}""");
                    await socket.CloseAsync(1000, "");
                    return;
                default:
                    seconds += socket.Behavior.Seconds;
                    await socket.SendAsync($$$"""{"type":"session.usage.updated","event_id":"{{{Ids.New("event_")}}}","usage":{"seconds":{{{seconds}}}}}""");
                    break;
            }
        }
    }
}

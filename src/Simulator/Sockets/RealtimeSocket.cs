using System.Text;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Sockets;

/// <summary>
/// <c>/v1/realtime</c>: a session that sends each event back, answers <c>response.create</c>, and transcribes what is committed.
/// Two events of its own serve tests: <c>sim.close</c> (with code and reason) closes from this side, <c>sim.reset</c> resets the connection.
/// </summary>
internal static class RealtimeSocket
{
    public static async Task RunAsync(HttpContext context)
    {
        var model = context.Request.Query["model"].ToString();
        var socket = await JsonSocket.AcceptAsync(context);
        await socket.SendAsync(
            $$$"""{"type":"session.created","event_id":"{{{Ids.New("event_")}}}","session":{"type":"realtime","object":"realtime.session","id":"{{{Ids.New("sess_")}}}","model":{{{Json.Quote(model)}}},"output_modalities":["text"]}}""");
        while (await socket.ReceiveAsync() is { } message)
        {
            if (SocketEvent.Parse(message) is not { } received)
            {
                await socket.SendAsync(
                    $$$"""{"type":"error","event_id":"{{{Ids.New("event_")}}}","error":{"type":"invalid_request_error","code":"invalid_json","message":"The event is not a JSON object.","param":null,"event_id":null}}""");
                continue;
            }

            switch (received.Type)
            {
                case "sim.close":
                    await socket.CloseAsync(received.CloseCode, received.CloseReason);
                    return;
                case "sim.reset":
                    await socket.CutAsync(Fault.Reset);
                    return;
            }

            await socket.SendAsync($$"""{"type":"echo","event":{{Encoding.UTF8.GetString(message.Span)}}}""");
            switch (received.Type)
            {
                case "response.create" when !await RespondAsync(socket, model):
                    return;
                case "input_audio_buffer.commit":
                    await TranscribeAsync(socket);
                    break;
            }
        }
    }

    /// <summary>Sends a whole response. False if a fault ended the connection.</summary>
    private static async Task<bool> RespondAsync(JsonSocket socket, string model)
    {
        var call = socket.Behavior.Tally?.Begin(socket.Behavior.Tag, "realtime", model, socket.Behavior.Tokens);
        var id = Ids.New("resp_");
        var chunks = socket.Behavior.Chunks;
        var isCut = socket.Behavior.Fault is Fault.Reset or Fault.Eof or Fault.Hang;
        await socket.SendAsync(Lifecycle("response.created", $$"""{"object":"realtime.response","id":"{{id}}","status":"in_progress","output":[],"usage":null}"""));
        for (var i = 0; i < chunks; i++)
        {
            if (isCut && i == chunks / 2)
            {
                await socket.CutAsync(socket.Behavior.Fault);
                return false;
            }

            await socket.PaceAsync();
            await socket.SendAsync(
                $$"""{"type":"response.output_text.delta","event_id":"{{Ids.New("event_")}}","response_id":"{{id}}","item_id":"{{ResponseJson.MessageId(id)}}","output_index":0,"content_index":0,"delta":{{Json.Quote(Words.At(i))}}}""");
        }

        var output = ResponseJson.Message(id, "completed", Words.Join(chunks));
        await socket.SendAsync(Lifecycle(
            "response.done",
            $$"""{"object":"realtime.response","id":"{{id}}","status":"completed","output":[{{output}}],"usage":{{UsageJson.Realtime(socket.Behavior.Tokens)}}}"""));
        call?.Answered();
        return true;
    }

    // The transcription is billed apart from the session, by tokens or, with whisper-1, by time.
    private static ValueTask TranscribeAsync(JsonSocket socket)
    {
        var usage = socket.Behavior.Model == "whisper-1" ? UsageJson.Duration(socket.Behavior.Seconds) : UsageJson.Transcription(socket.Behavior.Tokens);
        return socket.SendAsync(
            $$"""{"type":"conversation.item.input_audio_transcription.completed","event_id":"{{Ids.New("event_")}}","item_id":"{{Ids.New("item_")}}","content_index":0,"transcript":{{Json.Quote(Words.Text)}},"usage":{{usage}}}""");
    }

    private static string Lifecycle(string type, string response) =>
        $$"""{"type":"{{type}}","event_id":"{{Ids.New("event_")}}","response":{{response}}}""";
}

using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Gateway.Tests.Simulated;

/// <summary>What the simulator tells of usage in WebSocket sessions.</summary>
public sealed class SessionTests(SimulatorRig rig) : IClassFixture<SimulatorRig>
{
    [Fact]
    public async Task Realtime_ResponseWithAudio_TellsItsTokensByKind()
    {
        using var socket = await OpenAsync("/v1/realtime?model=gpt-realtime", ("x-sim-audio-input-tokens", "12"), ("x-sim-audio-output-tokens", "3"));
        await SendAsync(socket, """{"type":"response.create"}""");

        var usage = (await ReceiveAsync(socket, "response.done")).GetProperty("response").GetProperty("usage");

        Assert.Equal((12, 8),
            (usage.GetProperty("input_token_details").GetProperty("audio_tokens").GetInt32(), usage.GetProperty("input_token_details")
                .GetProperty("text_tokens").GetInt32()));
        Assert.Equal((3, 5),
            (usage.GetProperty("output_token_details").GetProperty("audio_tokens").GetInt32(), usage.GetProperty("output_token_details")
                .GetProperty("text_tokens").GetInt32()));
    }

    [Theory]
    [InlineData("gpt-4o-transcribe", "tokens")]
    [InlineData("whisper-1", "duration")]
    public async Task Realtime_CommittedAudio_IsTranscribedWithUsage(string model, string type)
    {
        using var socket = await OpenAsync("/v1/realtime?model=gpt-realtime", ("x-sim-model", model));
        await SendAsync(socket, """{"type":"input_audio_buffer.commit"}""");

        var done = await ReceiveAsync(socket, "conversation.item.input_audio_transcription.completed");

        Assert.Equal(type, done.GetProperty("usage").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Live_Session_TellsAllSecondsSoFar()
    {
        using var socket = await OpenAsync("/v1/live/sessions", ("x-sim-seconds", "30"));
        await SendAsync(socket, """{"type":"session.start","model":"gpt-live"}""");
        await SendAsync(socket, """{"type":"input"}""");
        await SendAsync(socket, """{"type":"input"}""");
        await SendAsync(socket, """{"type":"session.close"}""");

        Assert.Equal("gpt-live", (await ReceiveAsync(socket, "session.started")).GetProperty("session").GetProperty("model").GetString());
        Assert.Equal(30, await SecondsAsync("session.usage.updated"));
        Assert.Equal(60, await SecondsAsync("session.usage.updated"));
        Assert.Equal(60, await SecondsAsync("session.closed"));

        async Task<int> SecondsAsync(string type) => (await ReceiveAsync(socket, type)).GetProperty("usage").GetProperty("seconds").GetInt32();
    }

    private async Task<ClientWebSocket> OpenAsync(string path, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Keys.Operator}");
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        await socket.ConnectAsync(new UriBuilder(new Uri(rig.Simulator.Address, path)) { Scheme = "ws" }.Uri, CancellationToken.None).Guarded();
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string json)
        => socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Guarded();

    /// <summary>The next message of this type; skips others.</summary>
    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket, string type)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None).Guarded();
            Assert.True(received.EndOfMessage);
            var message = JsonElement.Parse(buffer.AsSpan(0, received.Count));
            if (message.GetProperty("type").ValueEquals(type))
            {
                return message;
            }
        }
    }
}

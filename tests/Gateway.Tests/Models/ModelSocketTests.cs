using System.Text.Json;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Tests.Models;

/// <summary>WebSockets of a key with a list of models: openings and each message are judged; what is refused is told, and the socket stays open.</summary>
public sealed class ModelSocketTests
{
    private const string Realtime = "/v1/realtime?model=gpt-4o-mini-realtime";
    private const string Responses = "/v1/responses";
    private const string Good = """{"type":"response.create","model":"gpt-4o","input":"hi"}""";
    private const string Bad = """{"type":"response.create","model":"gpt-5","input":"hi"}""";

    [Theory]
    [InlineData("/v1/realtime?model=gpt-realtime")]
    [InlineData("/v1/realtime?model=gpt-4o&model=gpt-realtime")]
    [InlineData("/v1/realtime?mod%65l=gpt-realtime")]
    [InlineData("/v1/realtime")]
    [InlineData("/v1/realtime?call_id=rtc_1")]
    [InlineData("/v1/realtime?call_id=rtc_1&model=gpt-4o")]
    [InlineData("/v1/realtime/translations?model=gpt-realtime-translate")]
    [InlineData("/openai/realtime?api-version=1&deployment=gpt-realtime")]
    [InlineData("/v1/responses?model=gpt-5")]
    [InlineData("/v1/unknown")]
    public async Task Opening_WithAnotherModelOrNone_Gets403(string target)
    {
        await using var rig = await ModelRig.StartAsync();

        Assert.Equal((403, "model_not_allowed", "model"), await rig.ErrorAsync(RawSocket.Handshake(target)));
    }

    [Theory]
    [InlineData(Realtime)]
    [InlineData(Responses)]
    [InlineData("/v1/live/sessions")]
    [InlineData("/v1/realtime?intent=transcription")]
    [InlineData("/openai/realtime?api-version=1&deployment=gpt-4o")]
    public async Task Opening_ThatMayBe_GoesUpstreamWithoutCompression(string target)
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, target);

        Assert.Null(socket.Request["Sec-WebSocket-Extensions"]);
    }

    [Theory]
    [InlineData(Responses, Good)]
    [InlineData(Responses, """{"type":"response.create","response":{"model":"gpt-4o"}}""")]
    [InlineData(Responses, """{"type":"response.cancel"}""")]
    [InlineData(Realtime, """{"type":"response.create"}""")]
    [InlineData(Realtime, """{"type":"response.create","response":{"model":"gpt-4o-mini-x"}}""")]
    [InlineData(Realtime, """{"type":"session.update","session":{"model":"gpt-4o","audio":{"input":{"transcription":{"model":"gpt-4o-mini-transcribe"}}}}}""")]
    [InlineData(Realtime, """{"type":"conversation.item.create","item":{"model":"gpt-5"}}""")]
    [InlineData("/v1/live/sessions", """{"type":"session.start","session":{"model":"gpt-4o"}}""")]
    public async Task Message_ThatMayBe_PassesByteForByte(string target, string message)
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, target);
        var frame = RawSocket.Masked(message);

        await socket.Client.SendAsync(frame);

        Assert.Equal(frame, await socket.Upstream.ReadExactlyAsync(frame.Length));
    }

    [Theory]
    [InlineData(Responses, Bad, 403)]
    [InlineData(Responses, """{"model":"gpt-5","type":"response.create","model":"gpt-4o"}""", 403)]
    [InlineData(Responses, """{"type":"response.create","input":"hi"}""", 403)]
    [InlineData(Responses, """{"input":"hi","typ\u0065":"response.create"}""", 403)]
    [InlineData(Responses, """{"type":"response.create","model":"gpt-4o","tools":[{"type":"image_generation"}]}""", 403)]
    [InlineData(Responses, """{"type":"response.create","model":"gpt-4o",}""", 400)]
    [InlineData(Realtime, """{"type":"response.create","response":{"model":"gpt-5"}}""", 403)]
    [InlineData(Realtime, """{"type":"session.update","session":{"model":"gpt-realtime"}}""", 403)]
    [InlineData(Realtime, """{"type":"session.update","session":{"input_audio_transcription":{"model":"whisper-1"}}}""", 403)]
    [InlineData(Realtime, """{"type":"session.update","session":{"audio":{"input":{"transcription":{"model":"whisper-1"}}}}}""", 403)]
    [InlineData(Realtime, "no JSON", 400)]
    [InlineData("/v1/live/sessions", """{"type":"session.start","session":{}}""", 403)]
    [InlineData("/v1/live/sessions", """{"type":"session.start","session":{"model":"gpt-5"}}""", 403)]
    public async Task Message_ThatMayNotBe_IsDroppedAndToldAndTheNextOnePasses(string target, string message, int status)
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, target);
        var next = RawSocket.Masked("""{"type":"input_audio_buffer.clear"}""");

        await socket.Client.SendAsync((byte[])[.. RawSocket.Masked(message), .. next]);

        Assert.Equal(next, await socket.Upstream.ReadExactlyAsync(next.Length));
        var (code, isLast, payload) = await RawSocket.ReadAsync(socket.Client);
        Assert.Equal((RawSocket.Text, true), (code, isLast));
        using var json = JsonDocument.Parse(payload);
        Assert.Equal(("error", status), (json.RootElement.GetProperty("type").GetString(), json.RootElement.GetProperty("status").GetInt32()));
        var error = json.RootElement.GetProperty("error");
        Assert.Equal(
            ("invalid_request_error", status == 403 ? "model_not_allowed" : "model_unreadable", "model"),
            (error.GetProperty("type").GetString(), error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        await socket.Upstream.SendAsync(RawSocket.Plain("{}"));
        Assert.Equal((RawSocket.Text, true, "{}"), await RawSocket.ReadAsync(socket.Client));
    }

    [Theory]
    [InlineData(RawSocket.Binary, 0)]
    [InlineData(RawSocket.Text, 0x40)]
    [InlineData(RawSocket.More, 0)]
    public async Task Message_ThatIsNotPlainText_IsDropped(byte kind, byte reserved)
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, Responses);
        var next = RawSocket.Masked(Good);

        await socket.Client.SendAsync((byte[])[.. RawSocket.Masked(Good, kind, reserved: reserved), .. next]);

        Assert.Equal(next, await socket.Upstream.ReadExactlyAsync(next.Length));
        Assert.Contains("model_unreadable", (await RawSocket.ReadAsync(socket.Client)).Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_InFragments_IsJudgedWholeWhileAPingGoesAhead()
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, Responses);
        var first = RawSocket.Masked(Good[..20], isLast: false);
        var ping = RawSocket.Masked("p", RawSocket.Ping);
        var last = RawSocket.Masked(Good[20..], RawSocket.More);

        await socket.Client.SendAsync((byte[])[.. first, .. ping, .. last[..5]]);
        Assert.Equal(ping, await socket.Upstream.ReadExactlyAsync(ping.Length));
        await socket.Client.SendAsync(last.AsMemory(5));

        byte[] whole = [.. first, .. last];
        Assert.Equal(whole, await socket.Upstream.ReadExactlyAsync(whole.Length));
    }

    [Fact]
    public async Task Message_InFragmentsThatIsRefused_IsDroppedWhole()
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, Responses);

        await socket.Client.SendAsync(RawSocket.Masked(Bad[..20], isLast: false));
        await socket.Client.SendAsync(RawSocket.Masked(Bad[20..30], RawSocket.More, isLast: false));
        await socket.Client.SendAsync(RawSocket.Masked(Bad[30..], RawSocket.More));

        Assert.Contains("model_not_allowed", (await RawSocket.ReadAsync(socket.Client)).Payload, StringComparison.Ordinal);
        var next = RawSocket.Masked(Good);
        await socket.Client.SendAsync(next);
        Assert.Equal(next, await socket.Upstream.ReadExactlyAsync(next.Length));
    }

    [Fact]
    public async Task Messages_CutAnywhere_PassAndAreDroppedAllTheSame()
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, Responses);
        byte[] sent = [.. RawSocket.Masked(Good), .. RawSocket.Masked(Bad), .. RawSocket.Masked("", RawSocket.Ping), .. RawSocket.Masked(Good)];
        byte[] passed = [.. RawSocket.Masked(Good), .. RawSocket.Masked("", RawSocket.Ping), .. RawSocket.Masked(Good)];

        for (var cut = 1; cut < sent.Length; cut++)
        {
            await socket.Client.SendAsync(sent.AsMemory(0, cut));
            await socket.Client.SendAsync(sent.AsMemory(cut));
            Assert.Equal(passed, await socket.Upstream.ReadExactlyAsync(passed.Length));
            Assert.Contains("model_not_allowed", (await RawSocket.ReadAsync(socket.Client)).Payload, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Error_WhileTheUpstreamIsWithinAMessage_ComesBehindIt()
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, Responses);
        var first = RawSocket.Plain("first", isLast: false);
        await socket.Upstream.SendAsync(first);
        Assert.Equal(first, await socket.Client.ReadExactlyAsync(first.Length));
        var next = RawSocket.Masked(Good);
        await socket.Client.SendAsync((byte[])[.. RawSocket.Masked(Bad), .. next]);
        // The refusal waits for its place by now.
        await socket.Upstream.ReadExactlyAsync(next.Length);

        await socket.Upstream.SendAsync(
            (byte[])[.. RawSocket.Plain("", RawSocket.Pong), .. RawSocket.Plain("last", RawSocket.More), .. RawSocket.Plain("next")]);

        Assert.Equal(RawSocket.Pong, (await RawSocket.ReadAsync(socket.Client)).Code);
        Assert.Equal((RawSocket.More, true, "last"), await RawSocket.ReadAsync(socket.Client));
        Assert.Contains("model_not_allowed", (await RawSocket.ReadAsync(socket.Client)).Payload, StringComparison.Ordinal);
        Assert.Equal((RawSocket.Text, true, "next"), await RawSocket.ReadAsync(socket.Client));
    }

    [Fact]
    public async Task Error_BehindTheUpstreamsClose_IsNotSent()
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, Responses);
        await socket.Upstream.SendAsync(RawSocket.Plain("", RawSocket.Close));
        Assert.Equal(RawSocket.Close, (await RawSocket.ReadAsync(socket.Client)).Code);

        await socket.Client.SendAsync((byte[])[.. RawSocket.Masked(Bad), .. RawSocket.Masked("", RawSocket.Close)]);
        Assert.Equal(RawSocket.Close, (await RawSocket.ReadAsync(socket.Upstream)).Code);
        await socket.Upstream.DisposeAsync();

        Assert.Empty(await socket.Client.ReadRestAsync());
    }

    [Fact]
    public async Task Message_OfMegabytes_PassesByteForByte()
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, Realtime);
        var frame = RawSocket.Masked("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + new string('A', 5_000_000) + "\"}");

        var sending = socket.Client.SendAsync(frame);
        var received = await socket.Upstream.ReadExactlyAsync(frame.Length);
        await sending.Guarded();

        Assert.True(frame.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Message_ThatIsTooLargeToBeHeld_IsDropped()
    {
        await using var rig = await ModelRig.StartAsync();
        await using var socket = await RawSocket.OpenAsync(rig, Realtime);
        var frame = RawSocket.Masked("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + new string('A', 25 * 1024 * 1024) + "\"}");
        var next = RawSocket.Masked("""{"type":"input_audio_buffer.clear"}""");

        await socket.Client.SendAsync(frame);
        await socket.Client.SendAsync(next);

        Assert.Equal(next, await socket.Upstream.ReadExactlyAsync(next.Length));
        Assert.Contains("message_too_large", (await RawSocket.ReadAsync(socket.Client)).Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_ThatIsRefused_IsNoResponseOfTheSession()
    {
        var journal = new Metering.TestJournal();
        await using var upstream = new RawUpstream();
        await using var gateway = await Metering.MeteredRig.StartGatewayAsync(upstream.Address, journal, ModelRig.Settings);
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(RawSocket.Handshake(Responses));
        await using var server = await upstream.AcceptAsync();
        await server.ReadHeadAsync();
        await server.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        await client.ReadHeadAsync();

        await client.SendAsync(RawSocket.Masked(Bad));
        await RawSocket.ReadAsync(client);
        await server.DisposeAsync();
        await client.ReadRestAsync();

        var record = Assert.Single(await journal.WaitAsync(1));
        Assert.Equal(UsageUnit.Free, Assert.Single(record.Lines).Unit);
    }
}

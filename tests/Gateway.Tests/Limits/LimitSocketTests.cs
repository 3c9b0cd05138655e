using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace OpenAIProxy.Gateway.Tests.Limits;

/// <summary>Limits on WebSockets: each response that is asked for is admitted; a refusal is a message, and the socket stays open.</summary>
public sealed class LimitSocketTests
{
    private const string Responses = "/v1/responses";
    private const string Realtime = "/v1/realtime?model=gpt-realtime";
    private const string Asking = """{"type":"response.create","model":"gpt-4o-mini","input":"hi","max_output_tokens":100}""";
    private const string AskingRealtime = """{"response":{"max_output_tokens":100,"instructions":"hi"},"type":"response.create"}""";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-11-30T12:00:00Z", null));

    [Theory]
    [InlineData(Responses, Asking, false)]
    [InlineData(Responses, Asking, true)]
    [InlineData(Realtime, AskingRealtime, true)]
    [InlineData(Realtime, """{"type":"x","typ\u0065":"response\u002ecreate"}""", false)]
    public async Task Response_BeyondTheLimit_IsRefusedByAMessageAndTheSocketStaysOpen(string target, string asking, bool isMetered)
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered, ("Requests", "2/minute"));
        using var socket = await OpenAsync(rig, target);
        Assert.StartsWith("response.", await TypeAsync(socket, asking), StringComparison.Ordinal);

        using var refused = JsonDocument.Parse(await SendAsync(socket, asking));

        var root = refused.RootElement;
        Assert.Equal(("error", 429), (root.GetProperty("type").GetString(), root.GetProperty("status").GetInt32()));
        Assert.Equal("63", root.GetProperty("headers").GetProperty("retry-after").GetString());
        var error = root.GetProperty("error");
        Assert.Equal(
            ("rate_limit_exceeded", "rate_limit_exceeded"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.EndsWith("Please try again in 1m3s.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, rig.Calls);
        Assert.Equal("pong", await TypeAsync(socket, """{"type":"ping"}"""));
        _time.Advance(TimeSpan.FromSeconds(63));
        Assert.StartsWith("response.", await TypeAsync(socket, asking), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Responses, Asking)]
    [InlineData(Realtime, AskingRealtime)]
    public async Task Tokens_OfAResponse_AreReservedAndSettledWhenItIsOver(string target, string asking)
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: true, ("OutputTokens", "150/minute"));
        using var socket = await OpenAsync(rig, target);
        var release = new TaskCompletionSource();
        rig.Released = release.Task;

        await socket.SendAsync(Encoding.UTF8.GetBytes(asking), WebSocketMessageType.Text, true, CancellationToken.None).Guarded();
        // One for the session, which is not over yet.
        await HangGuard.Until(() => UsedAsync(rig), used => used == 101, "100 are reserved");
        Assert.Equal("error", await TypeAsync(socket, asking));
        release.SetResult();
        Assert.StartsWith("response.", JsonDocument.Parse(await ReceiveAsync(socket)).RootElement.GetProperty("type").GetString(), StringComparison.Ordinal);
        await HangGuard.Until(() => UsedAsync(rig), used => used == 21, "it has used 20");

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Guarded();
        await HangGuard.Until(() => UsedAsync(rig), used => used == 20, "the session is over");
    }

    [Theory]
    [InlineData(Responses, """{"type":"response.create","model":"gpt-4o-mini","input":"hi","max_output_tokens":9223372036854775807}""")]
    [InlineData(Realtime, """{"response":{"max_output_tokens":9223372036854775807,"instructions":"hi"},"type":"response.create"}""")]
    public async Task Tokens_OfAnAbsurdNumber_AreRefusedAsTooMany(string target, string asking)
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: true, ("Tokens", "5000/minute"));
        using var socket = await OpenAsync(rig, target);

        Assert.Contains("Request too large", await SendAsync(socket, asking), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrency_OfASocket_IsHeldWhileItIsOpen()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: true, ("Concurrency", "1"));
        using (var socket = await OpenAsync(rig, Responses))
        {
            Assert.StartsWith("response.", await TypeAsync(socket, Asking), StringComparison.Ordinal);
            Assert.Equal("429", await rig.StatusesAsync(1));
            var refused = await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(rig, Responses));
            Assert.Contains("429", refused.Message, StringComparison.Ordinal);
        }

        await HangGuard.Until(() => rig.StatusesAsync(1), statuses => statuses == "200", "the place is free");
    }

    private static async Task<ClientWebSocket> OpenAsync(LimitRig rig, string target)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Keys.Access}");
        await socket.ConnectAsync(new Uri($"ws://{rig.Gateway.Address.Authority}{target}"), CancellationToken.None).Guarded();
        return socket;
    }

    private static async Task<string> SendAsync(ClientWebSocket socket, string message)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None).Guarded();
        return await ReceiveAsync(socket);
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).Guarded();
        Assert.True(received.EndOfMessage);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task<string> TypeAsync(ClientWebSocket socket, string message)
    {
        using var json = JsonDocument.Parse(await SendAsync(socket, message));
        return json.RootElement.GetProperty("type").GetString()!;
    }

    private static async Task<long> UsedAsync(LimitRig rig)
    {
        using var answer = await rig.SendAsync(HttpMethod.Get, "/limits");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.RootElement.GetProperty("limits")[0].GetProperty("used").GetInt64();
    }
}

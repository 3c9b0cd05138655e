using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Gateway.ChatLog;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>What is kept of calls in progress has a bound for all of them together: what doesn't fit is left out, and marked.</summary>
public sealed class MemoryTests : IAsyncLifetime
{
    private const int Most = 4096;
    private static readonly string Body = "{\"model\":\"m\",\"messages\":\"" + new string('x', 3000) + "\"}";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
    private readonly RawUpstream _upstream = new();
    private readonly BodyMemory _memory = new(Most);
    private GatewayHost _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await GatewayHost.StartAsync(
        _upstream.Address,
        builder => builder.Services.AddKeyedSingleton(ChatLogExtensions.Memory, _memory),
        ("OpenAI:ApiKey", Keys.Operator), ("ChatLog:Directory", _folder.FullName));

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task CallBesideOneThatTakesAll_IsMarked_AndTheNextIsWhole()
    {
        await using var first = await _gateway.ConnectAsync();
        await first.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var upstream = await _upstream.AcceptAsync();
        await upstream.ReadMessageAsync();

        await ChatAsync();
        var beside = (await LinesAsync(1))[0];
        await upstream.SendAsync(MeteredRig.Answer("{}"));
        await first.ReadMessageAsync(noBody: false);
        await HangGuard.Until(() => _memory.HasRoom, "the first call is written");
        await ChatAsync();

        var lines = await LinesAsync(3);
        Assert.Equal(("", "", true, true), (
            beside.GetProperty("request").GetString(), beside.GetProperty("answer").GetString(),
            beside.GetProperty("request_truncated").GetBoolean(), beside.GetProperty("answer_truncated").GetBoolean()));
        Assert.All(lines[1..], line => Assert.Equal(Body, line.GetProperty("request").GetRawText()));
        Assert.All(lines[1..], line => Assert.False(line.TryGetProperty("request_truncated", out _)));
    }

    [Fact]
    public async Task KeyWhereTheMemoryEnds_LeavesNoHalf()
    {
        // The first piece is kept, the second has no room: the upstream has the first when the second is sent.
        var start = "{\"input\":\"" + new string('.', 4000) + "sk-oper";
        const string rest = "ator-T3BlbkFJoperatorsecret\"}";
        await using var client = await _gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(MeteredRig.Chat, $"Content-Length: {start.Length + 200 + rest.Length}") + start);
        await using var upstream = await _upstream.AcceptAsync();
        await upstream.ReadHeadAsync();
        await upstream.ReadExactlyAsync(start.Length);
        await client.SendAsync(rest + new string(' ', 200));
        await upstream.ReadExactlyAsync(rest.Length + 200);
        await upstream.SendAsync(MeteredRig.Answer("{}"));
        await client.ReadMessageAsync(noBody: false);

        var request = (await LinesAsync(1))[0].GetProperty("request").GetString()!;
        Assert.DoesNotContain("sk", request, StringComparison.Ordinal);
        Assert.InRange(request.Length, 3000, 4010);
    }

    private async Task ChatAsync()
    {
        await using var client = await _gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        var received = client.ReadMessageAsync(noBody: false);
        await _upstream.AnswerAsync(MeteredRig.Answer("{}"));
        Assert.Equal(200, (await received).Head.Status);
    }

    private async Task<JsonElement[]> LinesAsync(int count)
    {
        await HangGuard.Until(() => Text().Count(c => c == '\n') >= count, $"{count} lines of the chat log");
        return [.. Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private string Text() => string.Concat(_folder.GetFiles("*.jsonl").Select(file => ChatLogRig.ReadShared(file.FullName)));
}

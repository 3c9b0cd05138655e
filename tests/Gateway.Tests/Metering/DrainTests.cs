using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>With <c>OnClientAbort=Drain</c> an answer is read on for its usage when its client has left.</summary>
public sealed class DrainTests
{
    private const string Body = """{"model":"gpt-4o-mini","stream":true,"messages":[]}""";
    private const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Word = "data: {\"model\":\"gpt-4o-mini\",\"choices\":[{\"delta\":{\"content\":\"hello\"}}]}\n\n";
    private const string Usage = "data: {\"model\":\"gpt-4o-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n";

    [Fact]
    public async Task Client_LeavingInMidStream_IsRecordedExactly()
    {
        await using var rig = await MeteredRig.StartAsync(("Metering:OnClientAbort", "Drain"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendChunkAsync(Word);
        await client.ReadHeadAsync();
        await client.ReadChunkAsync();
        client.Reset();
        await HangGuard.Until(() => Left(rig.Gateway), "the gateway sees that the client left");

        await connection.SendChunkAsync(Word);
        await connection.SendChunkAsync(Usage);
        await connection.SendChunkAsync("");

        var record = await rig.RecordAsync();
        Assert.True(record.IsCut);
        Assert.Equal((20, 5, false), (record.Lines[0].Counts.Input, record.Lines[0].Counts.Output, record.Lines[0].Estimated));
    }

    [Fact]
    public async Task Client_LeavingBeforeTheHead_IsRecordedExactly()
    {
        await using var rig = await MeteredRig.StartAsync(("Metering:OnClientAbort", "Drain"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, """{"model":"gpt-4o-mini"}"""));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        client.Reset();
        await HangGuard.Until(() => Left(rig.Gateway), "the gateway sees that the client left");

        await connection.SendAsync(MeteredRig.Answer("""{"model":"gpt-4o-mini","choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":20,"completion_tokens":5}}"""));

        var record = await rig.RecordAsync();
        Assert.Equal((200, true), (record.Status, record.IsCut));
        Assert.Equal((20, 5, false), (record.Lines[0].Counts.Input, record.Lines[0].Counts.Output, record.Lines[0].Estimated));
    }

    [Fact]
    public async Task Upstream_ThatBreaksOffWhileItIsDrained_IsRecordedAsEstimated()
    {
        await using var rig = await MeteredRig.StartAsync(("Metering:OnClientAbort", "Drain"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendChunkAsync(Word);
        await client.ReadHeadAsync();
        await client.ReadChunkAsync();
        client.Reset();
        await HangGuard.Until(() => Left(rig.Gateway), "the gateway sees that the client left");

        await connection.DisposeAsync();

        var record = await rig.RecordAsync();
        Assert.Equal((true, true, UsageUnit.Tokens), (record.IsCut, record.Lines[0].Estimated, record.Lines[0].Unit));
    }

    [Fact]
    public async Task Drain_OfMoreThanAMegabyte_IsGivenUp()
    {
        await using var rig = await MeteredRig.StartAsync(("Metering:OnClientAbort", "Drain"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendChunkAsync(Word);
        await client.ReadHeadAsync();
        await client.ReadChunkAsync();
        client.Reset();
        await HangGuard.Until(() => Left(rig.Gateway), "the gateway sees that the client left");

        var sending = connection.SendChunkAsync(string.Concat(Enumerable.Repeat(Word, 20_000)));

        Assert.True((await rig.RecordAsync()).Lines[0].Estimated);
        await connection.WaitForEndAsync();
        try
        {
            await sending;
        }
        catch (SocketException)
        {
            // It was given up before all was sent.
        }
    }

    [Fact]
    public async Task Drain_OfMoreThanAMinute_IsGivenUp()
    {
        var time = new FakeTimeProvider();
        await using var rig = await MeteredRig.StartAsync(time, ("Metering:OnClientAbort", "Drain"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendChunkAsync(Word);
        await client.ReadHeadAsync();
        await client.ReadChunkAsync();
        client.Reset();
        await HangGuard.Until(() => Left(rig.Gateway), "the gateway sees that the client left");
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(rig.Journal.Records);

        time.Advance(TimeSpan.FromSeconds(1));

        var record = await rig.RecordAsync();
        Assert.Equal((true, true, UsageUnit.Tokens), (record.IsCut, record.Lines[0].Estimated, record.Lines[0].Unit));
        await connection.WaitForEndAsync();
    }

    [Fact]
    public async Task Gateway_ThatStops_EndsItsDrains()
    {
        var rig = await MeteredRig.StartAsync(("Metering:OnClientAbort", "Drain"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await client.ReadHeadAsync();
        client.Reset();
        await HangGuard.Until(() => Left(rig.Gateway), "the gateway sees that the client left");
        Assert.Empty(rig.Journal.Records);

        await rig.DisposeAsync();

        Assert.True((await rig.RecordAsync()).IsCut);
    }

    // The request's own line is the last thing that is logged of it.
    private static bool Left(GatewayHost gateway)
        => gateway.Logs.Find("/v1/chat/completions").Any(e => e.Category.StartsWith("OpenAIProxy", StringComparison.Ordinal));
}

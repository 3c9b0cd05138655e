using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>Who announces a body and doesn't send it holds nothing but a connection.</summary>
public sealed class HalfSentBodyTests
{
    private const string Good = """{"model":"gpt-4o-mini","choices":[{"message":{"content":"hi"}}],"usage":{"prompt_tokens":20,"completion_tokens":5}}""";

    [Theory]
    [InlineData(MeteredRig.Chat, "Content-Length: 262144", "")]
    [InlineData(MeteredRig.Chat, "Transfer-Encoding: chunked", "")]
    [InlineData(MeteredRig.Chat, "Content-Length: 262144", "{\"model\":\"gpt-4o-mini\",\"messages\":[")]
    [InlineData(MeteredRig.Chat, "Content-Length: 9000000", "{\"model\":\"gpt-4o-mini\",\"messages\":[")]
    [InlineData(MeteredRig.Chat, "Content-Length: 262144", "no JSON")]
    [InlineData(MeteredRig.Chat, "Content-Length: 262144\r\nExpect: 100-continue", "")]
    [InlineData("POST /v1/responses", "Content-Length: 262144", "{\"model\":\"gpt-5\",\"input\":\"")]
    [InlineData("POST /v1/responses", "Content-Length: 1000000000", "")]
    [InlineData("POST /v1/audio/transcriptions", "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 2000", "--x\r\n")]
    [InlineData("POST /v1/files", "Content-Length: 500000000", "")]
    [InlineData("POST /v1/no/such/path", "Content-Length: 262144", "")]
    [InlineData("GET /v1/models", "Content-Length: 10", "")]
    public async Task Body_ThatDoesNotCome_CallsNobody(string target, string header, string begun)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var half = await rig.Gateway.ConnectAsync();
        await half.SendAsync(Rig.Request(target, header) + begun);

        // Twice: what was sent before has been read by then.
        for (var i = 0; i < 2; i++)
        {
            var (request, answer) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, """{"model":"whole"}"""), MeteredRig.Answer(Good));

            Assert.Contains("whole", request.Text, StringComparison.Ordinal);
            Assert.Equal(200, answer.Head.Status);
        }

        Assert.False(rig.Upstream.HasCaller, "The upstream was called for what was not sent.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"model\":\"gpt-4o-mini\",")]
    public async Task Body_ThatStopsComing_IsTheClientsFaultAndCostsNothing(string begun)
    {
        var time = new FakeTimeProvider();
        await using var rig = await MeteredRig.StartAsync(time, ("Forwarding:IdleTimeout", "3m"));
        await using var client = await rig.Gateway.ConnectAsync();
        // Else the clock might move before the connection's first byte is read, which has its own time.
        await client.SendAsync(Rig.Request("GET /health/live"));
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        await client.SendAsync(Rig.Request(MeteredRig.Chat, "Content-Length: 1000") + begun);
        var reading = client.ReadMessageAsync();

        await HangGuard.Until(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(3));
                return reading.IsCompleted;
            },
            "the timer fires");

        var answer = await reading;
        Assert.Equal((408, "request_timeout"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        var record = await rig.RecordAsync();
        Assert.Equal((408, UsageUnit.Free, false), (record.Status, record.Lines[0].Unit, record.IsCut));
        Assert.False(rig.Upstream.HasCaller);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"model\":\"gpt-4o-mini\",")]
    public async Task Client_LeavingBeforeItsBodyCame_CostsNothing(string begun)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(MeteredRig.Chat, "Content-Length: 1000") + begun);
        await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, """{"model":"whole"}"""), MeteredRig.Answer(Good));

        client.Reset();

        var record = Assert.Single(await rig.Journal.WaitAsync(2), r => r.RequestedModel != "whole");
        Assert.Equal(UsageUnit.Free, record.Lines[0].Unit);
        Assert.False(rig.Upstream.HasCaller);
        Assert.DoesNotContain(rig.Gateway.Logs.Entries, e => e.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Fact]
    public async Task Body_ThatIsMalformed_Gives400()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(MeteredRig.Chat, "Transfer-Encoding: chunked") + "no chunk\r\n");

        var answer = await client.ReadMessageAsync();

        Assert.Equal((400, "invalid_request_body"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.Equal(UsageUnit.Free, (await rig.RecordAsync()).Lines[0].Unit);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(300_000)]
    [InlineData(3_000_000)]
    public async Task Body_WithoutMemoryForIt_PassesAsItIs(int length)
    {
        await using var rig = await MeteredRig.StartAsync(("Forwarding:BodyMemory", "0MB"));
        var body = "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"x\":\"" + new string('x', length) + "\"}";
        await using var client = await rig.Gateway.ConnectAsync();
        var upstream = rig.Upstream.AnswerAsync(MeteredRig.Chunked("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":5}}\n\n"));
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, body));

        var request = await upstream;

        Assert.Equal(body, request.Text);
        Assert.Equal($"{body.Length}", request.Head["Content-Length"]);
        Assert.Contains("usage", (await client.ReadMessageAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(("gpt-4o-mini", 20), ((await rig.RecordAsync()).RequestedModel, (await rig.RecordAsync()).Lines[0].Counts.Input));
    }

    [Fact]
    public async Task Bodies_HeldAtOnce_TakeNoMoreThanTheLimit()
    {
        await using var rig = await MeteredRig.StartAsync(("Forwarding:BodyMemory", "1MB"));
        var begun = "{\"model\":\"gpt-4o-mini\",\"x\":\"" + new string('x', 150_000);
        var clients = new List<RawConnection>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await rig.Gateway.ConnectAsync());
            await clients[^1].SendAsync(Rig.Request(MeteredRig.Chat, "Content-Length: 250000") + begun);
        }

        // Those for which there is no room are sent while they come.
        await using var passing = await rig.Upstream.AcceptAsync();
        Assert.Equal("250000", (await passing.ReadHeadAsync())["Content-Length"]);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }
}

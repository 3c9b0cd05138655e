using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.Metering;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>What the gateway adds never breaks a call, and where it adds nothing, nothing is changed.</summary>
public sealed class RefusedOptionTests
{
    private const string Body = """{"model":"gpt-4o-mini","stream":true,"messages":[]}""";
    private const string Asked = """{"model":"gpt-4o-mini","stream":true,"messages":[],"stream_options":{"include_usage":true}}""";
    private const string Words = "data: {\"model\":\"gpt-4o-mini\",\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n";
    private const string Usage = "data: {\"model\":\"gpt-4o-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":5,\"total_tokens\":25}}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Unrecognized = """{"error":{"message":"Unrecognized request argument supplied: stream_options","type":"invalid_request_error","param":null,"code":null}}""";

    [Theory]
    [InlineData("400 Bad Request", Unrecognized, MeteredRig.Chat, Body, Asked)]
    [InlineData("422 Unprocessable Entity", """{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"]}]}""", MeteredRig.Chat, Body, Asked)]
    [InlineData("400 Bad Request", "no", "POST /openai/deployments/d/chat/completions?api-version=2023-05-15", Body, Asked)]
    [InlineData("400 Bad Request", Unrecognized, "POST /v1/completions", """{"stream_options":null,"stream":true}""", """{"stream_options":{"include_usage":true},"stream":true}""")]
    public async Task Upstream_ThatRefusesTheOption_GetsTheRequestWithoutIt(string status, string error, string target, string body, string asked)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(target, body, "Accept-Encoding: gzip, br"));

        var first = await rig.Upstream.AnswerAsync(MeteredRig.Answer(error, status: status));
        var second = await rig.Upstream.AnswerAsync(MeteredRig.Chunked(Words + Usage + Done));

        Assert.Equal((asked, "identity"), (first.Text, first.Head["Accept-Encoding"]));
        Assert.Equal((body, $"{body.Length}", "gzip, br"), (second.Text, second.Head["Content-Length"], second.Head["Accept-Encoding"]));
        Assert.Equal(first.Head["Authorization"], second.Head["Authorization"]);
        var answer = await client.ReadMessageAsync();
        // The chunk with the usage came unasked: it is the client's.
        Assert.Equal((200, Words + Usage + Done), (answer.Head.Status, answer.Text));
        var record = await rig.RecordAsync();
        Assert.Equal((200, false, 20L), (record.Status, record.IsError, record.Lines[0].Counts.Input));
    }

    [Fact]
    public async Task Path_ThatRefusedTheOption_IsRememberedForAnHourAndLoggedOnce()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var rig = await MeteredRig.StartAsync(time);
        await RefuseOnceAsync(rig);

        time.Advance(TimeSpan.FromMinutes(59));
        var (remembered, _) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body, "Accept-Encoding: gzip"), MeteredRig.Chunked(Words + Done));
        var (other, _) = await rig.ExchangeAsync(MeteredRig.Post("POST /v1/completions", Body), MeteredRig.Chunked(Words + Usage + Done));
        time.Advance(TimeSpan.FromMinutes(2));
        await RefuseOnceAsync(rig);

        Assert.Equal((Body, "gzip"), (remembered.Text, remembered.Head["Accept-Encoding"]));
        Assert.Equal(Asked, other.Text);
        Assert.Single(rig.Gateway.Logs.Find("refused stream_options"));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task Request_ThatIsBadAnyway_GetsTheLastAnswerAndIsAskedForTheNextTime(int status)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await rig.Upstream.AnswerAsync(MeteredRig.Answer("first", status: $"{status} X"));
        await rig.Upstream.AnswerAsync(MeteredRig.Answer("second", status: $"{status} X"));

        var answer = await client.ReadMessageAsync();
        var (next, _) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body), MeteredRig.Chunked(Words + Usage + Done));

        Assert.Equal((status, "second"), (answer.Head.Status, answer.Text));
        Assert.Equal(Asked, next.Text);
        Assert.Empty(rig.Gateway.Logs.Find("refused stream_options"));
        Assert.Equal(status, (await rig.Journal.WaitAsync(2))[0].Status);
    }

    [Fact]
    public async Task Request_ThatWasNotAsked_IsSentOnce()
    {
        await using var rig = await MeteredRig.StartAsync();

        var (_, answer) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, """{"stream":false}"""), MeteredRig.Answer("no", status: "400 X"));

        Assert.Equal(400, answer.Head.Status);
        Assert.False(rig.Upstream.HasCaller);
    }

    [Theory]
    [InlineData("/openai/deployments/d/extensions/chat/completions")]
    [InlineData("/v1/extensions/chat/completions")]
    [InlineData("/openai/deployments/d/Extensions/chat/completions?api-version=2023-08-01-preview")]
    public async Task Extensions_AreNeverAsked(string path)
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, answer) = await rig.ExchangeAsync(MeteredRig.Post($"POST {path}", Body, "Accept-Encoding: br"), MeteredRig.Chunked(Words + Usage + Done));

        Assert.Equal((Body, "br"), (request.Text, request.Head["Accept-Encoding"]));
        Assert.Equal(Words + Usage + Done, answer.Text);
    }

    [Theory]
    [InlineData("/openai/deployments/extensions/chat/completions?api-version=2024-10-21")]
    [InlineData("/extensions/v1/chat/completions")]
    public async Task PathWithThatWord_ThatIsNoExtension_IsAsked(string path)
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(MeteredRig.Post($"POST {path}", Body), MeteredRig.Chunked(Words + Usage + Done));

        Assert.Equal(Asked, request.Text);
    }

    [Fact]
    public void Paths_ThatAreFull_GiveRoomOnceTheyHaveExpired()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var support = new UsageOptionSupport(time, NullLogger<UsageOptionSupport>.Instance);
        for (var i = 0; i < 1000; i++)
        {
            support.Refused($"/old/{i}");
        }

        support.Refused("/early");
        Assert.False(support.IsRefused("/early"));
        time.Advance(TimeSpan.FromMinutes(61));
        support.Refused("/late");

        Assert.True(support.IsRefused("/late"));
        Assert.False(support.IsRefused("/old/1"));
    }

    [Theory]
    [InlineData(40, "\"stream\":false")]
    [InlineData(300_000, "\"stream\":false")]
    [InlineData(300_000, "\"n\":1")]
    [InlineData(300_000, "\"stream\":true,\"stream_options\":{\"include_usage\":false}")]
    [InlineData(3_000_000, "\"n\":1")]
    [InlineData(3_000_000, "\"stream\":true,\"stream_options\":{\"include_usage\":true}")]
    [InlineData(20_000_000, "\"n\":1")]
    public async Task Body_WithNothingToPutIn_IsUntouchedWhateverItsSize(int length, string last)
    {
        await using var rig = await MeteredRig.StartAsync();
        foreach (var head in (string[])["", "Expect: 100-continue\r\n"])
        {
            var body = "{\"model\":\"m\",\"messages\":[{\"content\":\"" + new string('x', length) + "\"}]," + last + "}";
            await using var client = await rig.Gateway.ConnectAsync();
            var sending = client.SendAsync(Rig.Request(MeteredRig.Chat, head + $"Accept-Encoding: gzip\r\nContent-Length: {body.Length}") + body);

            var request = await rig.Upstream.AnswerAsync(Rig.Ok);

            await sending;
            Assert.Equal(body, request.Text);
            Assert.Equal(($"{body.Length}", null, "gzip"),
                (request.Head["Content-Length"], request.Head["Transfer-Encoding"], request.Head["Accept-Encoding"]));
        }
    }

    [Fact]
    public async Task Body_ThatComesInPieces_IsUntouchedOrAskedWithItsLength()
    {
        await using var rig = await MeteredRig.StartAsync();
        foreach (var (body, expected) in ((string, string)[])[("""{"model":"m","stream":false}""", """{"model":"m","stream":false}"""), (Body, Asked)])
        {
            await using var client = await rig.Gateway.ConnectAsync();
            await client.SendAsync(Rig.Request(MeteredRig.Chat, $"Content-Length: {body.Length}"));
            foreach (var letter in body)
            {
                await client.SendAsync($"{letter}");
            }

            var request = await rig.Upstream.AnswerAsync(MeteredRig.Chunked(Words + Done));

            Assert.Equal((expected, $"{expected.Length}"), (request.Text, request.Head["Content-Length"]));
        }
    }

    [Theory]
    [InlineData(300_000, false)]
    [InlineData(5_000_000, false)]
    [InlineData(5_000_000, true)]
    public async Task LargeStream_IsAskedAndCanBeTakenBack(int length, bool isRefused)
    {
        await using var rig = await MeteredRig.StartAsync();
        var body = "{\"messages\":[{\"content\":\"" + new string('x', length) + "\"}],\"stream\":true}";
        var asked = body[..^1] + ",\"stream_options\":{\"include_usage\":true}}";
        await using var client = await rig.Gateway.ConnectAsync();
        var sending = client.SendAsync(MeteredRig.Post(MeteredRig.Chat, body));
        if (isRefused)
        {
            Assert.Equal(asked, (await rig.Upstream.AnswerAsync(MeteredRig.Answer("no", status: "400 X"))).Text);
        }

        var request = await rig.Upstream.AnswerAsync(MeteredRig.Chunked(Words + Usage + Done));

        await sending;
        var expected = isRefused ? body : asked;
        Assert.Equal((expected, $"{expected.Length}"), (request.Text, request.Head["Content-Length"]));
        Assert.Equal(isRefused ? Words + Usage + Done : Words + Done, (await client.ReadMessageAsync()).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Type: ,\r\n")]
    [InlineData("Content-Type: text/plain\r\n")]
    [InlineData("Content-Type: application/octet-stream\r\n")]
    [InlineData("Content-Type: application/json\r\n")]
    [InlineData("Content-Type:  text/event-stream;charset=utf-8\r\n")]
    public async Task ExtraChunk_IsTakenOutWhateverTheContentType(string header)
    {
        await using var rig = await MeteredRig.StartAsync();

        var (request, answer) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body), MeteredRig.Chunked(Words + Usage + Done, header));

        Assert.Equal(Asked, request.Text);
        Assert.Equal(Words + Done, answer.Text);
    }

    [Fact]
    public async Task Answer_OfJsonToAStream_KeepsItsLengthAndBytes()
    {
        await using var rig = await MeteredRig.StartAsync();
        const string json = """{"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":5}}""";

        var (_, answer) = await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body), MeteredRig.Answer(json));

        Assert.Equal((json, $"{json.Length}"), (answer.Text, answer.Head["Content-Length"]));
    }

    [Fact]
    public async Task Http2Upstream_ThatRefusesTheOptionBeforeItHasTheBody_GetsTheRequestWithoutIt()
    {
        await using var rig = await MeteredRig.StartAsync(("Forwarding:UpstreamHttpVersion", "2"));
        var body = "{\"messages\":[{\"content\":\"" + new string('x', 2_000_000) + "\"}],\"stream\":true}";
        await using var client = await rig.Gateway.ConnectAsync();
        var sending = client.SendAsync(MeteredRig.Post(MeteredRig.Chat, body));
        await using var connection = await RawHttp2Connection.AcceptAsync(rig.Upstream);
        await connection.AnswerAsync(await connection.ReadHeadAsync(), "{}"u8.ToArray(), status: 400);
        var again = await connection.ReadHeadAsync();

        var (stream, sent) = await connection.ReadRequestAsync();
        Assert.Equal(again, stream);
        await connection.AnswerAsync(stream, "{}"u8.ToArray());

        await sending;
        Assert.Equal(body, Encoding.UTF8.GetString(sent));
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    private static async Task RefuseOnceAsync(MeteredRig rig)
    {
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        Assert.Equal(Asked, (await rig.Upstream.AnswerAsync(MeteredRig.Answer(Unrecognized, status: "400 Bad Request"))).Text);
        Assert.Equal(Body, (await rig.Upstream.AnswerAsync(MeteredRig.Chunked(Words + Done))).Text);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }
}

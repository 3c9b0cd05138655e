using System.Text;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Requests that two servers could cut at different places are refused: one of them may be the start of somebody else's.</summary>
public sealed class FramingTests : RigTest
{
    /// <summary>What an attacker would hide in a body.</summary>
    private const string Hidden = "GET /smuggled HTTP/1.1\r\nHost: gateway.test\r\n\r\n";

    public static TheoryData<string> AmbiguousHeads =>
    [
        Head("Content-Length: 5", "Transfer-Encoding: chunked"),
        Head("Transfer-Encoding: chunked", "Content-Length: 5"),
        Head("Content-Length: 0", "Transfer-Encoding: chunked"),
        Head("Content-Length: 5", "transfer-encoding:chunked"),
        Head("Content-Length: 5", "Content-Length: 6"),
        Head("Content-Length: 5, 6"),
        Head("Content-Length: -5"),
        Head("Content-Length: 0x5"),
        Head("Content-Length: 5 5"),
        Head("Content-Length : 5"),
        Head("Content-Length:"),
        Head("Transfer-Encoding: chunked, identity"),
        Head("Transfer-Encoding: identity"),
        Head("Transfer-Encoding: xchunked"),
        Head("Transfer-Encoding: gzip, chunked"),
        Head("Transfer-Encoding: chunked, chunked"),
        Head("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        Head("Transfer-Encoding: identity", "Transfer-Encoding: chunked"),
        Head("Transfer-Encoding : chunked"),
        Head("Transfer-Encoding: \"chunked\""),
        Head("X-Fold: a", " Transfer-Encoding: chunked"),
        Head("X-Null: a\0b"),
        Head("X-Cr: a\rTransfer-Encoding: chunked"),
        Head("X Space: a"),
        Head(": no name"),
        Head("no colon"),
        Head("Host: other.test"),
        "POST /v1/files HTTP/1.1\r\n\r\n",
        "POST /v1/files HTTP/1.1\nHost: gateway.test\nContent-Length: 0\n\n",
        "POST /v1/files HTTP/1.1\r\nHost: gateway.test\nContent-Length: 0\r\n\r\n",
        "POST /v1/files HTTP/1.1\r\nHost: gateway.test\r\nContent-Length: 0\n\r\n",
        "POST /v1/files HTTP/1.1\r\nHost: gateway.test\r\nContent-Length: 0\r\n\n",
        "POST /v1/ files HTTP/1.1\r\nHost: gateway.test\r\nContent-Length: 0\r\n\r\n",
    ];

    public static TheoryData<string> BrokenChunks =>
    [
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r\n0\n\r\n",
        "5;ext\nhello\r\n0\r\n\r\n",
        "5;\nxxxx\r\n4c\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n;",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "-1\r\nhello\r\n0\r\n\r\n",
        "g\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "4\r\nhello\r\n0\r\n\r\n",
        "100000000000000005\r\nhello\r\n0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(AmbiguousHeads))]
    public async Task Request_WithAmbiguousHead_Gets400AndTheConnectionIsClosed(string head)
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(head + "0\r\n\r\n" + Hidden);

        var answer = await client.ReadMessageAsync();

        Assert.Equal(400, answer.Head.Status);
        await client.WaitForEndAsync();
        Assert.False(Rig.Upstream.HasCaller, "The upstream was called.");
    }

    [Theory]
    [InlineData("Content-Length: 5", "Transfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked", "Content-Length: 5")]
    [InlineData("Transfer-Encoding: gzip, chunked", "X-Other: x")]
    public async Task Request_WithTwoLengths_GetsAnErrorObject(string first, string second)
    {
        var answer = await Rig.RefusedAsync(Head(first, second) + "0\r\n\r\n");

        Assert.Equal(400, answer.Head.Status);
        Assert.Equal("close", answer.Head["Connection"]);
        Assert.Equal("bad_request_framing", ErrorObject.Parse(answer.Text).Code);
    }

    [Theory]
    [MemberData(nameof(BrokenChunks))]
    public async Task Request_WithBrokenChunks_NeverReachesUpstreamWhole(string body)
    {
        await using var own = await Rig.StartAsync();
        await using var client = await own.Gateway.ConnectAsync();
        var seen = ReadAllRequestsAsync(own.Upstream);
        await client.SendAsync(Rig.Request("POST /v1/files", "Transfer-Encoding: chunked") + body + Hidden);

        var answer = await client.ReadMessageAsync();
        await client.WaitForEndAsync();

        Assert.Equal(400, answer.Head.Status);
        await own.DisposeAsync();
        Assert.Empty(await seen);
    }

    [Fact]
    public async Task ContentLengthNameHiddenByTheServer_CannotBeForged()
    {
        var (request, answer) = await Rig.ExchangeAsync(Rig.Request("POST /v1/files", "X-Content-Length: 99", "Content-Length: 2") + "{}");

        Assert.Equal("99", request.Head["X-Content-Length"]);
        Assert.Equal("2", request.Head["Content-Length"]);
        Assert.Equal(200, answer.Head.Status);
    }

    [Fact]
    public async Task RuntimeOption_AgainstBareLineFeeds_IsShippedWithTheGateway()
    {
        var options = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Gateway.runtimeconfig.json"));

        Assert.Contains("\"Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators\": true", options, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_AfterAGoodRequest_StaysOpen()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync(Rig.Request($"POST /v1/files/{i}", "Transfer-Encoding: chunked") + "2\r\n{}\r\n0\r\n\r\n");
            var request = await Rig.Upstream.AnswerAsync(Rig.Ok);
            var answer = await client.ReadMessageAsync();

            Assert.Equal($"/v1/files/{i}", request.Head.Target);
            Assert.Equal("{}", answer.Text);
            Assert.Null(answer.Head["Connection"]);
        }
    }

    [Fact]
    public async Task Requests_SentInOneWrite_AreAnsweredInOrder()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(
            Rig.Request("POST /v1/first", "Content-Length: 2") + "{}" + Rig.Request("GET /healthz") + Rig.Request("GET /v1/third"));

        var first = await Rig.Upstream.AnswerAsync(Rig.Ok.Replace("{}", "[]", StringComparison.Ordinal));
        Assert.Equal("[]", (await client.ReadMessageAsync()).Text);
        Assert.Equal("Healthy", (await client.ReadMessageAsync()).Text);
        var third = await Rig.Upstream.AnswerAsync(Rig.Ok);
        Assert.Equal("{}", (await client.ReadMessageAsync()).Text);

        Assert.Equal(["/v1/first", "/v1/third"], [first.Head.Target, third.Head.Target]);
    }

    [Fact]
    public async Task Connection_AfterARefusal_StaysOpen()
    {
        await using var own = await Rig.StartAsync(("Access:AllowCallerKeys", "false"));
        await using var client = await own.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", $"Authorization: Bearer {Keys.Caller}", "Content-Length: 2") + "{}");
        Assert.Equal(401, (await client.ReadMessageAsync()).Head.Status);

        await client.SendAsync(Rig.Request("GET /v1/models"));
        await own.Upstream.AnswerAsync(Rig.Ok);

        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    private static string Head(params string[] headers) => Rig.Request("POST /v1/files", headers);

    /// <summary>Every request that arrives whole, until the upstream is closed.</summary>
    private static async Task<List<string>> ReadAllRequestsAsync(RawUpstream upstream)
    {
        var whole = new List<string>();
        try
        {
            while (true)
            {
                await using var connection = await upstream.AcceptAsync();
                if (await connection.ReadMessageAsync() is { End: RawEnd.Complete } request)
                {
                    whole.Add(request.Head.StartLine + Encoding.UTF8.GetString(request.Body));
                    await connection.SendAsync(Rig.Ok);
                }
            }
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException or EndOfStreamException)
        {
            return whole;
        }
    }
}

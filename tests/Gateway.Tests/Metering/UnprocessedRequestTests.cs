using System.Net;
using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.Usage;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>What the upstream provably has not worked on is sent again, and neither an error nor a cost.</summary>
public sealed class UnprocessedRequestTests
{
    private const int Megabyte = 1024 * 1024;
    private const string Usage = """{"model":"gpt-4o-mini","choices":[{"message":{"content":"hi"}}],"usage":{"prompt_tokens":20,"completion_tokens":5}}""";

    private static readonly (string, string) OverHttp2 = ("Forwarding:UpstreamHttpVersion", "2");

    [Theory]
    [InlineData(MeteredRig.Chat, 2)]
    [InlineData(MeteredRig.Chat, 100_000)]
    [InlineData(MeteredRig.Chat, Megabyte)]
    [InlineData("POST /v1/files", 2)]
    [InlineData("POST /v1/files", Megabyte)]
    [InlineData("POST /v1/audio/transcriptions", 300_000)]
    public async Task Post_RefusedOnce_IsSentAgainAndCountedOnce(string target, int length)
    {
        await using var rig = await MeteredRig.StartAsync(OverHttp2);
        var body = Body(length);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(target, body));
        await using var connection = await RawHttp2Connection.AcceptAsync(rig.Upstream);

        var (refused, first) = await connection.ReadRequestAsync();
        await connection.ResetAsync(refused);
        var (stream, second) = await connection.ReadRequestAsync();
        await connection.AnswerAsync(stream, Encoding.UTF8.GetBytes(Usage));

        Assert.Equal(body, Encoding.UTF8.GetString(first));
        Assert.Equal(body, Encoding.UTF8.GetString(second));
        var answer = await client.ReadMessageAsync();
        Assert.Equal((200, Usage), (answer.Head.Status, answer.Text));
        var record = await rig.RecordAsync();
        Assert.Equal((200, false, false), (record.Status, record.IsError, record.IsCut));
    }

    [Fact]
    public async Task Get_RefusedOnce_IsSentAgain()
    {
        await using var rig = await MeteredRig.StartAsync(OverHttp2);
        var call = rig.Gateway.Client.GetAsync("/v1/models");
        await using var connection = await RawHttp2Connection.AcceptAsync(rig.Upstream);
        await connection.ResetAsync(await connection.ReadHeadAsync());
        await connection.AnswerAsync(await connection.ReadHeadAsync(), [1]);

        using var answer = await call;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False((await rig.RecordAsync()).IsError);
    }

    [Fact]
    public async Task Post_RefusedByAConnectionAlways_IsSentOnAFreshOne()
    {
        await using var rig = await MeteredRig.StartAsync(OverHttp2);
        var body = Body(50_000);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, body));
        await using var refusing = await RawHttp2Connection.AcceptAsync(rig.Upstream);
        var accepting = RawHttp2Connection.AcceptAsync(rig.Upstream);
        while (!accepting.IsCompleted)
        {
            var next = refusing.ReadRequestAsync();
            if (await Task.WhenAny(next, accepting) == next)
            {
                await refusing.ResetAsync((await next).Stream);
            }
        }

        await using var fresh = await accepting;
        var (stream, sent) = await fresh.ReadRequestAsync();
        await fresh.AnswerAsync(stream, Encoding.UTF8.GetBytes(Usage));

        Assert.Equal(body, Encoding.UTF8.GetString(sent));
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        Assert.Equal(20, (await rig.RecordAsync()).Lines[0].Counts.Input);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public async Task Post_AboveTheLastStreamOfAGoAway_IsSentOnAnotherConnection(int error)
    {
        await using var rig = await MeteredRig.StartAsync(OverHttp2);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body(1000)));
        var first = await RawHttp2Connection.AcceptAsync(rig.Upstream);
        await first.ReadRequestAsync();
        await first.GoAwayAsync(0, error);
        await using var second = await RawHttp2Connection.AcceptAsync(rig.Upstream);
        await first.DisposeAsync();
        var (stream, body) = await second.ReadRequestAsync();
        await second.AnswerAsync(stream, Encoding.UTF8.GetBytes(Usage));

        Assert.Equal(Body(1000), Encoding.UTF8.GetString(body));
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        Assert.Equal(20, (await rig.RecordAsync()).Lines[0].Counts.Input);
    }

    [Fact]
    public async Task Posts_ThroughConnectionsThatEndAfterFifty_AllSucceed()
    {
        const int posts = 600;
        const int perConnection = 50;
        await using var rig = await MeteredRig.StartAsync(OverHttp2);
        using var end = new CancellationTokenSource();
        var serving = ServeAsync(rig.Upstream, perConnection, end.Token);
        var next = 0;

        async Task PostAsync()
        {
            while (Interlocked.Increment(ref next) <= posts)
            {
                using var content = new StringContent(Body(2000), Encoding.UTF8, "application/json");
                using var answer = await rig.Gateway.Client.PostAsync("/v1/chat/completions", content);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(Usage, await answer.Content.ReadAsStringAsync());
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync())).Guarded();

        Assert.All(await rig.Journal.WaitAsync(posts), r => Assert.Equal((false, false, 20L), (r.IsError, r.IsCut, r.Lines[0].Counts.Input)));
        await end.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task Upload_RefusedWhileItComes_GoesOnElsewhere()
    {
        await using var rig = await MeteredRig.StartAsync(OverHttp2);
        var body = Body(400_000);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", $"Content-Length: {body.Length}") + body[..100_000]);
        await using var connection = await RawHttp2Connection.AcceptAsync(rig.Upstream);
        await connection.ResetAsync(await connection.ReadHeadAsync());

        await connection.ReadHeadAsync();
        await client.SendAsync(body[100_000..]);
        var (stream, sent) = await connection.ReadRequestAsync();
        await connection.AnswerAsync(stream, [1]);

        Assert.Equal(body, Encoding.UTF8.GetString(sent));
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    [Theory]
    [InlineData(MeteredRig.Chat)]
    [InlineData("POST /v1/files")]
    public async Task Post_TooLargeToKeep_Gives502ThatMayBeRetriedAndCostsNothing(string target)
    {
        await using var rig = await MeteredRig.StartAsync(OverHttp2);
        await using var client = await rig.Gateway.ConnectAsync();
        var sending = client.SendAsync(MeteredRig.Post(target, Body(2 * Megabyte)));
        await using var connection = await RawHttp2Connection.AcceptAsync(rig.Upstream);
        await connection.ResetAsync((await connection.ReadRequestAsync()).Stream);

        var answer = await client.ReadMessageAsync();

        await sending;
        AssertRetryable(answer);
        AssertFree(await rig.RecordAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upstream_ThatRefusesEverything_Gives502ThatMayBeRetried(bool goesAway)
    {
        await using var rig = await MeteredRig.StartAsync(OverHttp2);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body(2)));
        using var end = new CancellationTokenSource();
        var refusing = RefuseAsync(rig.Upstream, goesAway, end.Token);

        var answer = await client.ReadMessageAsync();

        await end.CancelAsync();
        await refusing;
        AssertRetryable(answer);
        AssertFree(await rig.RecordAsync());
    }

    [Fact]
    public async Task Post_ThatFailsWhileItIsWorkedOn_IsAskedOnce()
    {
        await using var rig = await MeteredRig.StartAsync(OverHttp2);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body(100_000)));
        await using var connection = await RawHttp2Connection.AcceptAsync(rig.Upstream);
        await connection.ResetAsync((await connection.ReadRequestAsync()).Stream, error: 2);

        var answer = await client.ReadMessageAsync();

        Assert.Equal((502, null), (answer.Head.Status, answer.Head["x-should-retry"]));
        Assert.False(rig.Upstream.HasCaller);
        Assert.True((await rig.RecordAsync()).IsCut);
    }

    [Fact]
    public async Task Post_RefusedWithDrainOn_IsSentAgain()
    {
        await using var rig = await MeteredRig.StartAsync(OverHttp2, ("Metering:OnClientAbort", "Drain"));
        var body = Body(300_000);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, body));
        await using var connection = await RawHttp2Connection.AcceptAsync(rig.Upstream);
        await connection.ResetAsync(await connection.ReadHeadAsync());
        await connection.ReadHeadAsync();

        var (stream, sent) = await connection.ReadRequestAsync();
        await connection.AnswerAsync(stream, Encoding.UTF8.GetBytes(Usage));

        Assert.Equal(body, Encoding.UTF8.GetString(sent));
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        Assert.Equal(20, (await rig.RecordAsync()).Lines[0].Counts.Input);
    }

    [Theory]
    [InlineData("1.1", "Cancel")]
    [InlineData("1.1", "Drain")]
    [InlineData("2", "Cancel")]
    [InlineData("2", "Drain")]
    public async Task Upload_WhoseConnectionBreaks_IsAFailureAtOnce(string version, string onAbort)
    {
        await using var rig = await MeteredRig.StartAsync(("Forwarding:UpstreamHttpVersion", version), ("Metering:OnClientAbort", onAbort));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(MeteredRig.Chat, "Content-Length: 50000000") + "{\"stream\":false," + new string('x', 300_000));
        var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadExactlyAsync(100);
        connection.Reset();
        try
        {
            await client.SendAsync(new byte[30_000_000]);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The gateway takes no more of it.
        }

        Assert.InRange((await rig.RecordAsync()).Status, 500, 599);
        Assert.False(rig.Upstream.HasCaller);
    }

    [Fact]
    public async Task Connection_ThatFailsBeforeItIsOne_IsTriedAgain()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var gateway = await MeteredRig.StartGatewayAsync(
            new Uri("http://upstream.invalid"), rig.Journal, ("Forwarding:Proxy", $"socks5://{rig.Upstream.Address.Authority}"));
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body(5000)));
        (await rig.Upstream.AcceptAsync()).Reset();
        await using var connection = await rig.Upstream.AcceptAsync();
        await BeProxyAsync(connection);

        var sent = await RawUpstream.AnswerAsync(connection, MeteredRig.Answer(Usage));

        Assert.Equal(Body(5000), sent.Text);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        Assert.Equal(20, (await rig.RecordAsync()).Lines[0].Counts.Input);
    }

    [Theory]
    [InlineData("Cancel")]
    [InlineData("Drain")]
    public async Task Upload_WhoseFreshConnectionBreaks_IsAFailureAtOnce(string onAbort)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var gateway = await MeteredRig.StartGatewayAsync(
            new Uri("http://upstream.invalid"), rig.Journal,
            ("Forwarding:Proxy", $"socks5://{rig.Upstream.Address.Authority}"), ("Metering:OnClientAbort", onAbort));
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(MeteredRig.Chat, "Content-Length: 50000000") + "{\"stream\":false," + new string('x', 300_000));
        (await rig.Upstream.AcceptAsync()).Reset();
        var connection = await rig.Upstream.AcceptAsync();
        await BeProxyAsync(connection);
        await connection.ReadExactlyAsync(100);
        connection.Reset();
        try
        {
            await client.SendAsync(new byte[30_000_000]);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The gateway takes no more of it.
        }

        Assert.InRange((await rig.RecordAsync()).Status, 500, 599);
        Assert.False(rig.Upstream.HasCaller);
    }

    [Fact]
    public async Task Upstream_ThatIsAway_MayBeRetried()
    {
        var journal = new TestJournal();
        await using var gateway = await MeteredRig.StartGatewayAsync(new Uri("http://127.0.0.1:1"), journal);
        await using var client = await gateway.ConnectAsync();

        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body(2)));

        AssertRetryable(await client.ReadMessageAsync());
    }

    // RFC 1928: greeting, then the request for a connection to a name and a port.
    private static async Task BeProxyAsync(RawConnection connection)
    {
        await connection.ReadExactlyAsync(2);
        await connection.ReadExactlyAsync(1);
        await connection.SendAsync(new byte[] { 5, 0 });
        var request = await connection.ReadExactlyAsync(5);
        await connection.ReadExactlyAsync(request[4] + 2);
        await connection.SendAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
    }

    private static void AssertRetryable(RawMessage answer)
    {
        Assert.Equal((502, "true"), (answer.Head.Status, answer.Head["x-should-retry"]));
        Assert.StartsWith("upstream_", ErrorObject.Parse(answer.Text).Code, StringComparison.Ordinal);
    }

    private static void AssertFree(UsageRecord record)
        => Assert.Equal((true, false, UsageUnit.Free), (record.IsError, record.IsCut, record.Lines[0].Unit));

    private static string Body(int length)
        => length < 50 ? "{}" : "{\"model\":\"gpt-4o-mini\",\"x\":\"" + new string('x', length - 32) + "\"}  ";

    private static async Task ServeAsync(RawUpstream upstream, int perConnection, CancellationToken end)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await RawHttp2Connection.AcceptAsync(upstream, end), perConnection, end));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    // As nginx does after keepalive_requests: what was begun is answered, what came later is not looked at.
    private static async Task ServeAsync(RawHttp2Connection connection, int requests, CancellationToken end)
    {
        await using (connection)
        {
            try
            {
                var last = int.MaxValue;
                for (var i = 1; ; i++)
                {
                    var (stream, _) = await connection.ReadRequestAsync().WaitAsync(end);
                    if (i == requests)
                    {
                        last = stream;
                        await connection.GoAwayAsync(last);
                    }

                    // The gateway closes the connection when all of these have ended.
                    if (stream <= last)
                    {
                        await connection.AnswerAsync(stream, Encoding.UTF8.GetBytes(Usage));
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or EndOfStreamException or System.Net.Sockets.SocketException)
            {
            }
        }
    }

    private static async Task RefuseAsync(RawUpstream upstream, bool goesAway, CancellationToken end)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(RefuseAsync(await RawHttp2Connection.AcceptAsync(upstream, end), goesAway, end));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private static async Task RefuseAsync(RawHttp2Connection connection, bool goesAway, CancellationToken end)
    {
        await using (connection)
        {
            try
            {
                while (true)
                {
                    var (stream, _) = await connection.ReadRequestAsync().WaitAsync(end);
                    await (goesAway ? connection.GoAwayAsync(0) : connection.ResetAsync(stream));
                }
            }
            catch (Exception e) when (e is OperationCanceledException or EndOfStreamException or System.Net.Sockets.SocketException)
            {
            }
        }
    }
}

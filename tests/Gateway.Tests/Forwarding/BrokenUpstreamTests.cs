using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Before the head: an error object with the right status. After it: a broken answer, never one that looks complete.</summary>
public class BrokenUpstreamTests : RigTest
{
    public BrokenUpstreamTests()
    {
    }

    protected BrokenUpstreamTests(bool isMetered, params (string, string)[] settings)
        : base(isMetered, settings)
    {
    }

    private const string StreamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Fact]
    public async Task Upstream_NotListening_Gives502()
    {
        // Bound, so that nobody else gets the port; not listening, so that who calls is refused.
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var gateway = await GatewayHost.StartAsync(new Uri($"http://{nobody.LocalEndPoint}"), ("OpenAI:ApiKey", Keys.Operator));

        using var answer = await gateway.Client.PostAsync("/v1/chat/completions", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("upstream_unreachable", (await ErrorObject.ReadAsync(answer)).Code);
    }

    [Fact]
    public async Task Upstream_WithUnknownName_Gives502()
    {
        // Some resolvers take their time to say no.
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://no-such-host.invalid"), ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:ConnectTimeout", "50s"));

        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("upstream_unreachable", (await ErrorObject.ReadAsync(answer)).Code);
    }

    [Fact]
    public async Task Upstream_WithUntrustedCertificate_Gives502AndGetsNoRequest()
    {
        using var certificate = SelfSignedCertificate.Create();
        var asked = false;
        await using var upstream = await AppUpstream.StartAsync(
            _ =>
            {
                asked = true;
                return Task.CompletedTask;
            },
            certificate: certificate);
        // The handshake may take its time where all of its code runs for the first time.
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:ConnectTimeout", "60s"));

        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("upstream_unreachable", (await ErrorObject.ReadAsync(answer)).Code);
        Assert.False(asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    public async Task Upstream_ThatClosesWithoutAHead_Gives502AndIsAskedOnce(string sent)
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
        var request = await Rig.Upstream.AnswerAsync(sent);

        var answer = await client.ReadMessageAsync();

        Assert.Equal("{}", request.Text);
        Assert.Equal(502, answer.Head.Status);
        Assert.StartsWith("upstream_", ErrorObject.Parse(answer.Text).Code, StringComparison.Ordinal);
        Assert.False(Rig.Upstream.HasCaller, "The gateway tried again by itself.");
    }

    [Fact]
    public async Task Post_WithEmptyBodyThatGetsNoAnswer_IsAskedOnce()
    {
        // .NET's client repeats a request without a body when a connection closes unanswered; a POST must not be one of them.
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/batches/batch_1/cancel", "Content-Length: 0"));
        await Rig.Upstream.AnswerAsync("");

        Assert.Equal(502, (await client.ReadMessageAsync()).Head.Status);
        Assert.False(Rig.Upstream.HasCaller, "The gateway tried again by itself.");
    }

    [Fact]
    public async Task Upstream_ThatResetsBeforeTheHead_Gives502AndIsAskedOnce()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        connection.Reset();

        var answer = await client.ReadMessageAsync();

        Assert.Equal(502, answer.Head.Status);
        Assert.StartsWith("upstream_", ErrorObject.Parse(answer.Text).Code, StringComparison.Ordinal);
        Assert.False(Rig.Upstream.HasCaller, "The gateway tried again by itself.");
    }

    [Fact]
    public async Task HeadRequest_ThatFails_GetsTheStatusWithoutBody()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("HEAD /v1/models"));
        await Rig.Upstream.AnswerAsync("no HTTP at all\r\n\r\n");

        var head = await client.ReadHeadAsync();
        await client.SendAsync(Rig.Request("GET /healthz"));

        Assert.Equal(502, head.Status);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    [Theory]
    [InlineData(StreamHead)]
    [InlineData(StreamHead + "9\r\ndata: 1\n\n\r\n")]
    [InlineData(StreamHead + "9\r\ndata:")]
    [InlineData(StreamHead + "9\r\ndata: 1\n\n\r\n0\r\n")]
    [InlineData(StreamHead + "9\r\ndata: 1\n\n\r\nno chunk\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]
    public async Task Stream_ThatIsNeverWhole_IsNeverWholeForTheClient(string sent)
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
        await Rig.Upstream.AnswerAsync(sent);

        // All of it came at once, so the gateway may know of the end before it has sent anything: then an error is as true as a cut.
        try
        {
            var answer = await client.ReadMessageAsync();
            Assert.True(answer.End != RawEnd.Complete || answer.Head.Status == 502, $"{answer.End}: {answer.Head}{answer.Text}");
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            // Cut before the head.
        }
    }

    [Theory]
    [InlineData(StreamHead, 0, true)]
    [InlineData(StreamHead, 0, false)]
    [InlineData(StreamHead + "9\r\ndata: 1\n\n\r\n", 9, true)]
    [InlineData(StreamHead + "9\r\ndata: 1\n\n\r\n", 9, false)]
    [InlineData(StreamHead + "9\r\ndata:", 5, true)]
    [InlineData(StreamHead + "9\r\ndata:", 5, false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 4, true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 4, false)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf", 4, true)]
    public async Task Stream_CutInTheMiddle_IsBrokenForTheClient(string sent, int bytes, bool reset)
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(sent);
        var head = await client.ReadHeadAsync();
        var firstBytes = head["Content-Length"] is null ? (bytes > 0 ? await client.ReadChunkAsync() : []) : await client.ReadExactlyAsync(bytes);
        Assert.Equal(bytes, firstBytes.Length);
        if (reset)
        {
            connection.Reset();
        }
        else
        {
            await connection.DisposeAsync();
        }

        var rest = await client.ReadBodyAsync(head);

        Assert.NotEqual(RawEnd.Complete, rest.End);
    }

    [Fact]
    public async Task Stream_WithoutDone_EndsCleanlyAsUpstreamDid()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}", StreamHead + "9\r\ndata: 1\n\n\r\n0\r\n\r\n");

        Assert.Equal(RawEnd.Complete, answer.End);
        Assert.Equal("data: 1\n\n", answer.Text);
    }

    [Fact]
    public async Task PooledConnection_ClosedByUpstream_IsNotUsedAgain()
    {
        await using var own = await Rig.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var call = own.Client.PostAsync("/v1/chat/completions", new StringContent("{}"));
            // Says nothing of closing, as an upstream does whose idle limit is over.
            await own.Upstream.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            using var answer = await call;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Gateway_AfterUpstreamCameBack_AnswersAgain()
    {
        await using var own = await Rig.StartAsync();
        var failing = own.Client.GetAsync("/v1/models");
        var connection = await own.Upstream.AcceptAsync();
        // A reset before the request would be a connection that could not be made, and tried again.
        await connection.ReadHeadAsync();
        connection.Reset();
        using var failed = await failing;
        Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);

        var working = own.Client.GetAsync("/v1/models");
        await own.Upstream.AnswerAsync(Rig.Ok);
        using var answer = await working;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class TimeoutTests
{
    private const string StreamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("Forwarding:FirstByteTimeout", "300ms")]
    [InlineData("TIMEOUT", "1")]
    public async Task Upstream_ThatNeverAnswers_Gives504NamingTheTimer(string name, string value)
    {
        await using var rig = await Rig.StartAsync(_time, (name, value));
        var call = rig.Client.PostAsync("/v1/responses", new StringContent("{}"));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();

        await UntilFiredAsync(TimeSpan.FromSeconds(1), call);

        using var answer = await call;
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var error = await ErrorObject.ReadAsync(answer);
        Assert.Equal("upstream_timeout", error.Code);
        Assert.Contains("Forwarding:FirstByteTimeout", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ConnectTimeout", error.Message, StringComparison.Ordinal);
        await connection.WaitForEndAsync();
        Assert.False(rig.Upstream.HasCaller, "The gateway tried again by itself.");
    }

    [Fact]
    public async Task Upstream_ThatCannotBeConnectedTo_Gives504NamingTheTimer()
    {
        using var full = await FullListener.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            full.Address, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:ConnectTimeout", "300ms"));

        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var error = await ErrorObject.ReadAsync(answer);
        Assert.Equal("upstream_timeout", error.Code);
        Assert.Contains("Forwarding:ConnectTimeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstByteTimeout_BelowTheConnectTimeout_IsTheOneNamed()
    {
        using var full = await FullListener.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            full.Address,
            builder => builder.Services.AddSingleton<TimeProvider>(_time),
            ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:FirstByteTimeout", "1m"), ("Forwarding:ConnectTimeout", "2m"));
        var call = gateway.Client.GetAsync("/v1/models");

        await UntilFiredAsync(TimeSpan.FromMinutes(1), call);

        using var answer = await call;
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Contains("Forwarding:FirstByteTimeout", (await ErrorObject.ReadAsync(answer)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StreamHead, 0)]
    [InlineData(StreamHead + "9\r\ndata: 1\n\n\r\n", 14)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 4)]
    public async Task Stream_ThatFallsSilent_IsBrokenForTheClient(string sent, int bodyBytes)
    {
        await using var rig = await Rig.StartAsync(_time, ("Forwarding:IdleTimeout", "3m"), ("Forwarding:KeepAlive", "0"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(sent);
        Assert.Equal(200, (await client.ReadHeadAsync()).Status);
        await client.ReadExactlyAsync(bodyBytes);

        var rest = client.ReadRestAsync();
        await UntilFiredAsync(TimeSpan.FromMinutes(3), rest);

        // Without the chunk, or the bytes, that would have made it whole.
        Assert.Empty(await rest);
        await connection.WaitForEndAsync();
    }

    [Theory]
    [InlineData("2m", "10m")]
    [InlineData("10m", "2m")]
    public async Task Stream_LongerThanTheShorterTimer_Passes(string idle, string firstByte)
    {
        await using var rig = await Rig.StartAsync(
            _time, ("Forwarding:IdleTimeout", idle), ("Forwarding:FirstByteTimeout", firstByte), ("Forwarding:KeepAlive", "0"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await client.ReadHeadAsync();
        for (var i = 0; i < 50; i++)
        {
            // Less than half of the limit: the gateway starts it anew only when it reads on, which may be after the client has its chunk.
            _time.Advance(TimeSpan.FromSeconds(55));
            await connection.SendChunkAsync("data: 1\n\n");
            Assert.Equal(9, (await client.ReadChunkAsync()).Length);
        }

        await connection.SendChunkAsync("");

        Assert.Empty(await client.ReadChunkAsync());
    }

    [Fact]
    public async Task Upload_LongerThanTheFirstByteTimeout_Passes()
    {
        await using var rig = await Rig.StartAsync(_time, ("Forwarding:FirstByteTimeout", "4m"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Transfer-Encoding: chunked"));
        await client.SendChunkAsync("some");
        await using var connection = await rig.Upstream.AcceptAsync();
        var head = await connection.ReadHeadAsync();
        // Less than the idle limit in all: nobody sees when the gateway has read a chunk.
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(3));
            await client.SendChunkAsync("more");
        }

        await client.SendChunkAsync("");
        var request = await connection.ReadBodyAsync(head);
        await connection.SendAsync(Rig.Ok);

        Assert.Equal(16, request.Body.Length);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    [Fact]
    public async Task SmallBody_ThatComesSlowerThanTheFirstByteTimeout_Passes()
    {
        await using var rig = await Rig.StartAsync(_time, ("Forwarding:FirstByteTimeout", "2m"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{");
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadHeadAsync();
        _time.Advance(TimeSpan.FromMinutes(3));
        await client.SendAsync("}");
        Assert.Equal("{}"u8.ToArray(), await connection.ReadExactlyAsync(2));
        await connection.SendAsync(Rig.Ok);

        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    [Fact]
    public async Task Upload_ThatStops_IsTheClientsFault()
    {
        await using var rig = await Rig.StartAsync(_time, ("Forwarding:IdleTimeout", "500ms"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Content-Length: 2") + "{");
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadHeadAsync();

        var reading = client.ReadMessageAsync();
        await UntilFiredAsync(TimeSpan.FromMilliseconds(500), reading);

        var answer = await reading;
        Assert.Equal(408, answer.Head.Status);
        var error = ErrorObject.Parse(answer.Text);
        Assert.Equal("request_timeout", error.Code);
        Assert.Contains("Forwarding:IdleTimeout", error.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Gateway.Logs.Find("upstream did not answer"));
    }

    // Nobody outside sees when a request starts its timer, or starts it anew as it reads on: that may be after the clock was moved.
    private Task UntilFiredAsync(TimeSpan limit, Task end) => HangGuard.Until(
        () =>
        {
            _time.Advance(limit);
            return end.IsCompleted;
        },
        "the timer fires");
}

using System.Diagnostics;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

public class ExpectContinueTests : RigTest
{
    // .NET's client waits 1 s for an answer, and sends the body then all the same; on a busy machine a refusal may come later than that.
    private static readonly TimeSpan AlmostPatience = TimeSpan.FromSeconds(0.8);

    public ExpectContinueTests()
    {
    }

    protected ExpectContinueTests(bool isMetered)
        : base(isMetered)
    {
    }

    [Fact]
    public async Task Client_ThatWaitsForContinue_IsToldToAndItsBodyArrives()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Expect: 100-continue", "Content-Length: 5"));
        var upstream = Rig.Upstream.AnswerAsync("HTTP/1.1 100 Continue\r\n\r\n" + Rig.Ok);

        Assert.Equal(100, (await client.ReadHeadAsync()).Status);
        await client.SendAsync("hello");

        Assert.Equal("hello", (await upstream).Text);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    [Fact]
    public async Task Upstream_ThatNeverSaysContinue_GetsTheBodyAllTheSame()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Expect: 100-continue", "Transfer-Encoding: chunked"));
        var upstream = Rig.Upstream.AnswerAsync(Rig.Ok);

        Assert.Equal(100, (await client.ReadHeadAsync()).Status);
        await client.SendAsync("5\r\nhello\r\n0\r\n\r\n");

        Assert.Equal("hello", (await upstream).Text);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    [Fact]
    public async Task Refusal_OfTheGateway_ComesInsteadOfContinue()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(
            Rig.Request("POST /v1/files", "Expect: 100-continue", "Content-Length: 500000000", $"Authorization: Bearer {Keys.UnknownAccess}"));

        var answer = await client.ReadMessageAsync();

        Assert.Equal(401, answer.Head.Status);
        Assert.False(Rig.Upstream.HasCaller);
    }

    [Fact]
    public async Task Refusal_OfTheUpstream_ComesInsteadOfContinue()
    {
        const int tries = 20;
        RawMessage answer;
        var failures = 0;
        long began;
        do
        {
            began = Stopwatch.GetTimestamp();
            answer = await RefuseAsync();
        }
        while (answer.Head.Status == 100 && Stopwatch.GetElapsedTime(began) > AlmostPatience && ++failures < tries);

        Assert.Equal(413, answer.Head.Status);
        Assert.Equal("{}", answer.Text);
    }

    private async Task<RawMessage> RefuseAsync()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Expect: 100-continue", "Content-Length: 500000000"));
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadHeadAsync();
        await connection.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

        return await client.ReadMessageAsync();
    }
}

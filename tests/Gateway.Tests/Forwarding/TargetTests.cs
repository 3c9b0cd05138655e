namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>What stands between the method and the version reaches upstream byte for byte.</summary>
public sealed class TargetTests : RigTest
{
    [Theory]
    [InlineData("/v1/files/a%2Fb")]
    [InlineData("/v1/files/a%2fb")]
    [InlineData("/v1/%41")]
    [InlineData("/v1/%e4")]
    [InlineData("/v1/%E4%B8%AD")]
    [InlineData("/v1/%252F")]
    [InlineData("/v1//models")]
    [InlineData("//v1/models")]
    [InlineData("/v1/./models")]
    [InlineData("/v1/x/../models")]
    [InlineData("/../v1/models")]
    [InlineData("/v1/%2e%2e/models")]
    [InlineData("/v1/models/")]
    [InlineData("/v1/models?")]
    [InlineData("/v1/models?a=1&a=2&b=%20+")]
    [InlineData("/v1/models?b=2&a=1&=&&c")]
    [InlineData("/v1/models?redirect=http://x.test/?y=/../%2F")]
    [InlineData("/v1/a;b=c/d?e;f")]
    [InlineData("/v1/a|b?c|d")]
    [InlineData("/v1/a'(b)*[c]{d}~!$,=:@?'()*[]{}\"<>^`\\")]
    [InlineData("/v1/a\\b")]
    [InlineData("/v1/realtime?model=gpt-realtime&call_id=rtc_%2B1")]
    [InlineData("/no/such/route-at.all")]
    [InlineData("/v1/organization/costs?start_time=1&bucket_width=1d&group_by[]=project_id")]
    public async Task Target_AnySpelling_ReachesUpstreamByteForByte(string target)
    {
        var (request, answer) = await Rig.ExchangeAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal(target, request.Head.Target);
        Assert.Equal(200, answer.Head.Status);
    }

    [Theory]
    [InlineData("http://localhost/v1/files/a%2Fb?x=1&x=2", "/v1/files/a%2Fb?x=1&x=2")]
    [InlineData("http://localhost/../v1/%41?", "/../v1/%41?")]
    public async Task Target_AbsoluteForm_ReachesUpstreamAsPathAndQuery(string target, string expected)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request($"GET {target}"));

        Assert.Equal(expected, request.Head.Target);
        Assert.Equal(Rig.Upstream.Address.Authority, request.Head["Host"]);
    }

    [Theory]
    [InlineData("/base")]
    [InlineData("/base/")]
    [InlineData("/base/v1")]
    [InlineData("/base/v1/")]
    public async Task Target_BaseUrlWithPath_IsAppendedToIt(string path)
    {
        await using var own = await Rig.StartAsync(("OpenAI:BaseUrl", new Uri(Rig.Upstream.Address, path).AbsoluteUri));
        await using var client = await own.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /v1/files/a%2Fb?x=%20"));

        var request = await Rig.Upstream.AnswerAsync(Rig.Ok);

        Assert.Equal("/base/v1/files/a%2Fb?x=%20", request.Head.Target);
    }

    [Fact]
    public async Task Target_8000Characters_ReachesUpstream()
    {
        var target = "/v1/models?q=" + new string('x', 8000);

        var (request, _) = await Rig.ExchangeAsync(Rig.Request($"GET {target}"));

        Assert.Equal(target, request.Head.Target);
    }
}

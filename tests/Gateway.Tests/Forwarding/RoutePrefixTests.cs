namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class RoutePrefixTests() : RigTest(("Forwarding:RoutePrefix", "/openai"))
{
    [Theory]
    [InlineData("/openai/v1/models", "/v1/models")]
    [InlineData("/openai/v1/files/a%2Fb?x=%41&x=2", "/v1/files/a%2Fb?x=%41&x=2")]
    [InlineData("/openai/v1/./../x//y", "/v1/./../x//y")]
    [InlineData("/v1/models", "/v1/models")]
    [InlineData("/v1/files/a%2Fb?x=%41", "/v1/files/a%2Fb?x=%41")]
    [InlineData("/openai/openai/v1/models", "/openai/v1/models")]
    [InlineData("/openaix/v1/models", "/openaix/v1/models")]
    [InlineData("/x/../openai/v1/models", "/x/../openai/v1/models")]
    [InlineData("/OpenAI/v1/models", "/OpenAI/v1/models")]
    [InlineData("http://localhost/openai/v1/models?a", "/v1/models?a")]
    public async Task RoutePrefix_Request_ReachesUpstreamWithoutPrefix(string target, string expected)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request($"GET {target}"));

        Assert.Equal(expected, request.Head.Target);
    }

    [Fact]
    public async Task RoutePrefix_InAnotherSpelling_LosesNothingElse()
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /%6Fpenai/v1/files/a%2Fb"));

        Assert.True(request.Head.Target is "/v1/files/a%2Fb" or "/%6Fpenai/v1/files/a%2Fb", request.Head.Target);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/")]
    public async Task RoutePrefix_OwnPath_LivesWithAndWithoutPrefix(string path)
    {
        using var plain = await Rig.Client.GetAsync(path);
        using var prefixed = await Rig.Client.GetAsync("/openai" + path);

        Assert.Equal(200, (int)plain.StatusCode);
        Assert.Equal(200, (int)prefixed.StatusCode);
        Assert.False(Rig.Upstream.HasCaller);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("/openai/")]
    [InlineData("openai/")]
    public async Task RoutePrefix_WithoutSlashOrWithTwo_MeansTheSame(string setting)
    {
        await using var rig = await Rig.StartAsync(("ROUTE_PREFIX", setting));

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /openai/v1/models"));

        Assert.Equal("/v1/models", request.Head.Target);
    }

    [Fact]
    public async Task RoutePrefix_OfTwoSegments_IsTakenOff()
    {
        await using var rig = await Rig.StartAsync(("Forwarding:RoutePrefix", "/api/openai"));

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /api/openai/v1/models"));

        Assert.Equal("/v1/models", request.Head.Target);
    }
}

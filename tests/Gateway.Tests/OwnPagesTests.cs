using System.Net;

namespace OpenAIProxy.Gateway.Tests;

public sealed class OwnPagesTests : RigTest
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_NeedsNoKeyAndNoUpstream(string path)
    {
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:1"), ("OpenAI:ApiKey", Keys.Operator), ("Access:Keys", Keys.Access), ("Access:AllowedNetworks", "10.0.0.0/8"));

        using var answer = await gateway.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Home_SaysWhatThisIs()
    {
        using var answer = await Rig.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentType!.MediaType is "text/html" or "text/plain");
        Assert.Contains("/v1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /healthzz")]
    [InlineData("GET /health")]
    [InlineData("POST /")]
    [InlineData("GET /index.html")]
    public async Task OtherPath_GoesUpstream(string methodAndTarget)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request(methodAndTarget));

        Assert.StartsWith(methodAndTarget, request.Head.StartLine, StringComparison.Ordinal);
    }
}

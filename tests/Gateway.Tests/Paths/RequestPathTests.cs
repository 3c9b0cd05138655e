using OpenAIProxy.Gateway.Paths;

namespace OpenAIProxy.Gateway.Tests.Paths;

public sealed class RequestPathTests
{
    [Theory]
    [InlineData("/v1/chat/completions?a=//..", "/v1/chat/completions", true)]
    [InlineData("/", "/", true)]
    [InlineData("", "/", false)]
    [InlineData("?a", "/", false)]
    [InlineData("/?a", "/", true)]
    [InlineData("/V1/Dashboard", "/V1/Dashboard", true)]
    [InlineData("/v1/%64ashboard/", "/v1/dashboard/", true)]
    [InlineData("//v1///models//", "/v1/models/", false)]
    [InlineData("/a/b/../../../c", "/c", false)]
    [InlineData("/a//../b", "/b", false)]
    [InlineData("/a;p=1/b;q", "/a/b", false)]
    [InlineData("/a%2Fb", "/a/b", false)]
    [InlineData("/a%252Fb", "/a/b", false)]
    [InlineData("/a%25252Fb", "/a/b", false)]
    [InlineData("/a%u002Fb", "/a/b", false)]
    [InlineData("/a%C0%AFb", "/a/b", false)]
    [InlineData("/a\\b", "/a/b", false)]
    [InlineData("/a%3Fb/c", "/a", false)]
    [InlineData("/a#b/c", "/a", false)]
    [InlineData("/a%20/b.", "/a/b", false)]
    [InlineData("/a%", "/a%", false)]
    [InlineData("/%E4%B8%AD", "/\u4e2d", true)]
    [InlineData("http://h/a?b", "/a", true)]
    [InlineData("http://h", "/", true)]
    [InlineData("http://h?x", "/", false)]
    public void Target_OfAnySpelling_HasOneNormalForm(string target, string value, bool isPlain)
    {
        var path = RequestPath.Of(target);

        Assert.Equal((value, isPlain), (path.Value, path.IsPlain));
    }

    [Theory]
    [InlineData("/openai/v1/models?a", "/v1/models", "/v1/models?a", true)]
    [InlineData("/openai?a", "/", "?a", true)]
    [InlineData("/openai", "/", "", true)]
    [InlineData("/openaix/v1", "/openaix/v1", "/openaix/v1", false)]
    [InlineData("/%6Fpenai/v1", "/openai/v1", "/%6Fpenai/v1", false)]
    [InlineData("http://h/openai/v1", "/v1", "/v1", true)]
    public void Prefix_InItsOwnSpelling_IsTakenOff(string target, string value, string forwarded, bool hasPrefix)
    {
        var path = RequestPath.Of(target, new RoutePrefix("/openai", "https://api.openai.com", isAzure: false));

        Assert.Equal((value, forwarded, hasPrefix), (path.Value, path.Target.ToString(), path.HasPrefix));
    }

    [Fact]
    public void Of_APlainPath_AllocatesNothing()
    {
        var allocated = Allocations.During(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _ = RequestPath.Of("/v1/chat/completions");
            }
        });

        Assert.InRange(allocated, 0, 1000);
    }
}

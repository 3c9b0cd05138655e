using System.Net;

namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>The gateway's own errors speak the caller's language; their codes don't change.</summary>
public sealed class LanguageTests() : RigTest(("FORWARD_KEY", Keys.Access))
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("en-US,en;q=0.9", false)]
    [InlineData("en,zh;q=0.9", false)]
    [InlineData("zh-CN,en", false)]
    [InlineData("zha", false)]
    [InlineData("*", false)]
    [InlineData(";;;,zh;q=x,", true)]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", true)]
    [InlineData("fr, ZH-hans; q=0.5, en; q=0.2", true)]
    public async Task Refusal_IsInTheLanguageThatTheCallerPrefers(string? languages, bool isChinese)
    {
        string[] headers = languages is null ? [] : [$"Accept-Language: {languages}"];
        var answer = await Rig.RefusedAsync(Rig.Request("GET /v1/models", [$"Authorization: Bearer {Keys.UnknownAccess}", .. headers]));

        var error = ErrorObject.Parse(answer.Text);
        Assert.Equal((401, "invalid_api_key"), (answer.Head.Status, error.Code));
        Assert.Equal(isChinese ? "这不是本网关的访问密钥。请向管理员索取。" : "This is not an access key of this gateway. Ask its operator for one.", error.Message);
        Assert.Equal(isChinese ? "zh-CN" : null, answer.Head["Content-Language"]);
    }

    [Fact]
    public async Task Failure_OfTheUpstream_IsToldInChineseToo()
    {
        await using var gateway = await GatewayHost.StartAsync(new Uri("http://127.0.0.1:1"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("Accept-Language", "zh-CN");
        request.Headers.Authorization = new("Bearer", Keys.Caller);
        using var answer = await gateway.Client.SendAsync(request).Guarded();

        var error = ErrorObject.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.BadGateway, "upstream_unreachable"), (answer.StatusCode, error.Code));
        Assert.Equal("无法连接上游：连接被拒绝或没有应答。", error.Message);
    }
}

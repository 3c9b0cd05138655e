using System.Net;
using System.Text;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Configuration;

/// <summary>The JSON variables of openai-forward: what there is here is done, and what there isn't stops the start.</summary>
public sealed class OpenAIForwardTests
{
    private const string AccessKey = "fk-of-openai-forward";
    private const string OperatorKey = "sk-of-openai-forward";

    [Fact]
    public async Task Variables_WithOneUpstreamAndOneLevel_AreUnderstood()
    {
        await using var upstream = new RawUpstream();
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:1"),
            // What StartAsync says of the upstream is taken back: empty is not set.
            ("OpenAI:BaseUrl", ""),
            ("FORWARD_CONFIG", $$"""[{"base_url":"{{upstream.Address}}","route":"/localai","type":"openai"}]"""),
            ("OPENAI_API_KEY_CONFIG", $$"""{"{{OperatorKey}}":[0]}"""),
            ("FORWARD_KEY_CONFIG", $$"""{"0":["fk-other","{{AccessKey}}"]}"""),
            ("LEVEL_MODELS", "{}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/localai/v1/models");
        request.Headers.Add("Authorization", $"Bearer {AccessKey}");

        var answering = gateway.Client.SendAsync(request);
        var seen = await upstream.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        using var answer = await answering;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("GET /v1/models ", seen.Head.StartLine, StringComparison.Ordinal);
        Assert.Equal($"Bearer {OperatorKey}", seen.Head["Authorization"]);
    }

    [Fact]
    public void Route_AtTheRoot_NeedsNoPrefix()
        => ((IDisposable)GatewayHost.Build(("FORWARD_CONFIG", """[{"base_url":"https://api.openai.com","route":"/","type":"openai"}]"""))).Dispose();

    [Theory]
    [InlineData("FORWARD_CONFIG", """[{"base_url":"https://a.example","route":"/a","type":"openai"},{"base_url":"https://b.example","route":"/b","type":"openai"}]""", "2 upstreams")]
    [InlineData("FORWARD_CONFIG", "[]", "0 upstreams")]
    [InlineData("FORWARD_CONFIG", """[{"base_url":"https://a.example","route":"/","type":"general"}]""", "'general'")]
    [InlineData("FORWARD_CONFIG", """[{"base_url":"ftp://a.example","route":"/","type":"openai"}]""", "OpenAI:BaseUrl")]
    [InlineData("FORWARD_CONFIG", """{"base_url":"https://a.example"}""", "JSON array")]
    [InlineData("FORWARD_CONFIG", "https://a.example", "JSON array")]
    [InlineData("OPENAI_API_KEY_CONFIG", """{"sk-secret":[1,2]}""", "OPENAI_API_KEY")]
    [InlineData("FORWARD_KEY_CONFIG", """{"0":["fk-0"],"1":["fk-secret"]}""", "FORWARD_KEY")]
    [InlineData("FORWARD_KEY_CONFIG", """["fk-secret"]""", "JSON object")]
    [InlineData("LEVEL_MODELS", """{"1":["gpt-4"]}""", "of the level '1', of which FORWARD_KEY_CONFIG has no keys")]
    [InlineData("LEVEL_MODELS", """{"0":["gpt-4"]}""", "the level '0', which can't be")]
    [InlineData("LEVEL_MODELS", """{"1":[]}""", "the level '1', which can't be")]
    public void Variable_ThatAsksForWhatIsNotThere_StopsTheStart(string variable, string value, string says)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build((variable, value)));

        var line = Assert.Single(error.Errors);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Levels_WithModels_AreKeysWithThoseModels()
    {
        await using var upstream = new RawUpstream();
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address,
            ("OPENAI_API_KEY_CONFIG", $$"""{"{{OperatorKey}}":[0]}"""),
            ("FORWARD_KEY_CONFIG", $$"""{"0":["fk-of-all"],"1":["fk-other","{{AccessKey}}"]}"""),
            ("LEVEL_MODELS", """{"1":["gpt-4","gpt-4o"]}"""));

        using var refused = await gateway.Client.SendAsync(Chat(AccessKey, "gpt-5"));
        var answering = gateway.Client.SendAsync(Chat(AccessKey, "gpt-4o"));
        var allowed = await upstream.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        using var answer = await answering;
        var answeringAll = gateway.Client.SendAsync(Chat("fk-of-all", "gpt-5"));
        var all = await upstream.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        using var answerOfAll = await answeringAll;

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(($"Bearer {OperatorKey}", $"Bearer {OperatorKey}"), (allowed.Head["Authorization"], all.Head["Authorization"]));
        Assert.Contains("gpt-5", all.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Level_WithoutModels_StopsTheStart()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(
            ("OPENAI_API_KEY_CONFIG", $$"""{"{{OperatorKey}}":[0]}"""), ("FORWARD_KEY_CONFIG", """{"1":["fk-1"],"2":["fk-2"]}"""), ("LEVEL_MODELS", """{"1":["gpt-4"]}""")));

        Assert.Contains("keys of the level '2', of which LEVEL_MODELS names no models", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_BesideKeys_AreAnError()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(
            ("OpenAI:ApiKey", OperatorKey), ("FORWARD_KEY", "fk-a"), ("FORWARD_KEY_CONFIG", """{"1":["fk-1"]}"""), ("LEVEL_MODELS", """{"1":["gpt-4"]}""")));

        Assert.Equal("FORWARD_KEY_CONFIG and FORWARD_KEY say the same thing. Keep one of them.", Assert.Single(error.Errors));
    }

    [Theory]
    [InlineData("OPENAI_BASE_URL", "https://api.openai.com")]
    [InlineData("OpenAI:BaseUrl", "https://api.openai.com")]
    public void Variable_BesideTheSettingThatItMeans_IsAnError(string name, string value)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(
            (name, value), ("FORWARD_CONFIG", """[{"base_url":"https://a.example","route":"/","type":"openai"}]""")));

        Assert.Equal($"FORWARD_CONFIG and {name} say the same thing. Keep one of them.", Assert.Single(error.Errors));
    }

    [Fact]
    public void Variables_OfKeysWithoutOthers_AreRequiredAsUsual()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("FORWARD_KEY_CONFIG", """{"0":["fk-0"]}""")));

        Assert.Contains("there is no key to use for those who show one", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Chat(string key, string model)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{model}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Authorization", $"Bearer {key}");
        return request;
    }
}

using System.Net;
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
    [InlineData("LEVEL_MODELS", """{"1":["gpt-4"]}""", "every access key would use them all")]
    public void Variable_ThatAsksForWhatIsNotThere_StopsTheStart(string variable, string value, string says)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build((variable, value)));

        var line = Assert.Single(error.Errors);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
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
}

using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>How the operator's key goes to upstreams of different kinds, seen by a proxy on the way.</summary>
public sealed class AzureTests
{
    [Theory]
    [InlineData("ours.openai.azure.com", "auto", "api-key")]
    [InlineData("ours.OpenAI.Azure.com", "", "api-key")]
    [InlineData("ours.openai.azure.us", "auto", "api-key")]
    [InlineData("ours.openai.azure.cn", "auto", "api-key")]
    [InlineData("ours.azure-api.net", "auto", "api-key")]
    [InlineData("ours.cognitiveservices.azure.com", "auto", "api-key")]
    [InlineData("ours.services.ai.azure.com", "auto", "api-key")]
    [InlineData("eastus.api.cognitive.microsoft.com", "auto", "api-key")]
    [InlineData("ours.openai.azure.com", "authorization", "Authorization")]
    [InlineData("api.openai.com", "auto", "Authorization")]
    [InlineData("openai.azure.com.evil.test", "auto", "Authorization")]
    [InlineData("gateway.example", "api-key", "api-key")]
    [InlineData("gateway.example", "API-Key", "api-key")]
    public async Task OperatorsKey_LeavesInTheHeaderThatTheUpstreamTakes(string host, string style, string header)
    {
        await using var proxy = new RawUpstream();
        await using var gateway = await StartAsync(proxy, $"http://{host}", ("OpenAI:KeyHeader", style), ("Access:Keys", Keys.Access));

        foreach (var line in new[] { $"Authorization: Bearer {Keys.Access}", $"api-key: {Keys.Access}", $"x-api-key: {Keys.Access}" })
        {
            var request = await AskAsync(proxy, gateway, "POST /openai/deployments/d/chat/completions?api-version=1", line);

            Assert.EndsWith(Keys.Operator, Assert.Single(request.Head.All(header)), StringComparison.Ordinal);
            Assert.Single(request.Head.Headers, h => h.Name is "Authorization" or "api-key" or "x-api-key");
        }
    }

    [Theory]
    [InlineData("http://ours.openai.azure.com", "Authorization: Bearer " + Keys.Caller, "Authorization")]
    [InlineData("http://ours.openai.azure.com", "api-key: " + Keys.Caller, "api-key")]
    [InlineData("http://api.openai.com", "api-key: " + Keys.Caller, "api-key")]
    public async Task CallersKey_LeavesAsItCameWhateverTheHostIsCalled(string baseUrl, string line, string header)
    {
        await using var proxy = new RawUpstream();
        await using var gateway = await StartAsync(proxy, baseUrl);

        var request = await AskAsync(proxy, gateway, "GET /v1/models", line);

        Assert.Equal([line], request.Head.Headers.Where(h => h.Name is "Authorization" or "api-key").Select(h => $"{header}: {h.Value}"));
    }

    [Theory]
    // Azure's own paths, with the prefix that they happen to begin with.
    [InlineData("http://ours.openai.azure.com", "/openai", "/openai/deployments/d/chat/completions", "/openai/deployments/d/chat/completions")]
    [InlineData("http://ours.openai.azure.com", "/openai", "/openai/v1/responses", "/openai/v1/responses")]
    [InlineData("http://ours.openai.azure.com", "/openai", "/openai/openai/deployments/d/embeddings", "/openai/deployments/d/embeddings")]
    [InlineData("http://ours.openai.azure.com", "/openai", "/v1/models", "/v1/models")]
    [InlineData("http://ours.openai.azure.com", "/api/openai", "/api/openai/deployments/d/embeddings", "/openai/deployments/d/embeddings")]
    [InlineData("http://ours.openai.azure.com/openai", "/openai", "/openai/deployments/d/embeddings", "/openai/deployments/d/embeddings")]
    [InlineData("http://ours.openai.azure.com", "/gate", "/gate/openai/deployments/d/embeddings", "/openai/deployments/d/embeddings")]
    [InlineData("http://gateway.example", "/openai", "/openai/deployments/d/embeddings", "/openai/deployments/d/embeddings")]
    [InlineData("http://gateway.example", "/openai", "/openai/v1/embeddings", "/v1/embeddings")]
    public async Task RoutePrefix_LikeAzures_LeavesItsPathsAsTheyAre(string baseUrl, string prefix, string target, string expected)
    {
        await using var proxy = new RawUpstream();
        await using var gateway = await StartAsync(proxy, baseUrl, ("ROUTE_PREFIX", prefix));

        var request = await AskAsync(proxy, gateway, $"GET {target}?api-version=1");

        Assert.Equal($"http://{new Uri(baseUrl).Host}{expected}?api-version=1", request.Head.Target);
    }

    [Theory]
    [InlineData("http://ours.openai.azure.com", "authorization", "/openai/v1/responses", "/openai/v1/responses")]
    [InlineData("http://gateway.example", "api-key", "/openai/v1/responses", "/v1/responses")]
    [InlineData("http://gateway.example", "api-key", "/openai/deployments/d/embeddings", "/openai/deployments/d/embeddings")]
    public async Task RoutePrefix_LikeAzures_GoesByTheHostAndNotByTheKeysHeader(string baseUrl, string style, string target, string expected)
    {
        await using var proxy = new RawUpstream();
        await using var gateway = await StartAsync(proxy, baseUrl, ("OpenAI:KeyHeader", style), ("ROUTE_PREFIX", "/openai"));

        var request = await AskAsync(proxy, gateway, $"GET {target}?api-version=1");

        Assert.Equal($"http://{new Uri(baseUrl).Host}{expected}?api-version=1", request.Head.Target);
    }

    [Fact]
    public async Task RoutePrefix_LikeAzures_StillFindsTheGatewaysOwnPaths()
    {
        await using var proxy = new RawUpstream();
        await using var gateway = await StartAsync(proxy, "http://ours.openai.azure.com", ("ROUTE_PREFIX", "/openai"));

        Assert.Equal("Healthy", await gateway.Client.GetStringAsync("/openai/healthz"));
        using var billing = await gateway.Client.GetAsync("/openai/billing/usage");
        Assert.Equal("billing_not_configured", (await ErrorObject.ReadAsync(billing)).Code);
        Assert.False(proxy.HasCaller);
    }

    [Fact]
    public void KeyHeader_ThatIsNone_StopsTheStart()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("OpenAI:KeyHeader", "x-api-key")));

        Assert.Contains("OpenAI:KeyHeader", error.Message, StringComparison.Ordinal);
    }

    private static Task<GatewayHost> StartAsync(RawUpstream proxy, string baseUrl, params (string, string)[] settings) => GatewayHost.StartAsync(
        proxy.Address, [("OpenAI:BaseUrl", baseUrl), ("Forwarding:Proxy", proxy.Address.AbsoluteUri), ("OpenAI:ApiKey", Keys.Operator), .. settings]);

    private static async Task<RawMessage> AskAsync(RawUpstream proxy, GatewayHost gateway, string methodAndTarget, params string[] headers)
    {
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(methodAndTarget, ["Content-Length: 0", .. headers]));
        var request = await proxy.AnswerAsync(Rig.Ok);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        return request;
    }
}

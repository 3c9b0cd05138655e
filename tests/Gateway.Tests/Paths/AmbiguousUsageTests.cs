using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.Paths;

/// <summary>What an upstream may read in another way than the meter is never booked as free.</summary>
public sealed class AmbiguousUsageTests : IAsyncLifetime
{
    private const string Request = """{"model":"gpt-4o","messages":[]}""";

    private const string Answer = """
        {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":6,"total_tokens":18}}
        """;

    private MeteredRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await MeteredRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("/v1/files//../chat/completions")]
    [InlineData("/v1/files/..%2fchat/completions")]
    [InlineData("/v1/files/../chat%2Fcompletions")]
    [InlineData("/v1/files/%252e%252e/chat/completions")]
    [InlineData("/v1/files/..;/chat/completions")]
    [InlineData("/v1\\chat\\completions")]
    [InlineData("//v1//chat/completions")]
    [InlineData("/v1/./chat/completions")]
    [InlineData("/v1/chat/completions#x")]
    [InlineData("/v1/ch%61t/completions")]
    [InlineData("/v1/chat/completions/")]
    public async Task Completion_InAnySpelling_IsMeteredAsOne(string target)
    {
        await _rig.ExchangeAsync(
            MeteredRig.Post($"POST {target}", Request, $"Authorization: Bearer {Keys.Caller}", "Content-Type: application/json"), MeteredRig.Answer(Answer));

        var record = await _rig.RecordAsync();

        Assert.Equal("chat", record.Endpoint);
        Assert.Equal(("tokens", 12, 6), (record.Lines[0].Unit, record.Lines[0].Counts.Input, record.Lines[0].Counts.Output));
    }

    [Theory]
    [InlineData("POST", "/v1/files//")]
    [InlineData("POST", "/v1/chat/completions/..//../files")]
    [InlineData("POST", "/v1/moderations;x")]
    [InlineData("GET", "/v1/files/a%2Fb")]
    [InlineData("GET", "/v1//models")]
    [InlineData("DELETE", "/v1/models%252fx")]
    public async Task FreePath_ThatMayMeanAnother_IsUnpriced(string method, string target)
    {
        await _rig.ExchangeAsync(Rig.Request($"{method} {target}", $"Authorization: Bearer {Keys.Caller}", "Content-Length: 0"), MeteredRig.Answer("{}"));

        Assert.Equal("unmetered", (await _rig.RecordAsync()).Lines[0].Unit);
    }

    [Theory]
    [InlineData("/v1/models/ft%3Agpt")]
    [InlineData("/v1/models/")]
    [InlineData("/v1/files/my%20file")]
    public async Task FreePath_WithOneMeaning_StaysFree(string target)
    {
        await _rig.ExchangeAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Caller}"), MeteredRig.Answer("{}"));

        Assert.Equal("free", (await _rig.RecordAsync()).Lines[0].Unit);
    }
}

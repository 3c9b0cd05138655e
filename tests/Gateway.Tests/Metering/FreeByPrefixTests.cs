namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>No path in front of a metered endpoint's name makes its calls free.</summary>
public sealed class FreeByPrefixTests
{
    private const string Request = """{"model":"gpt-4o","messages":[]}""";

    private const string Answer = """
        {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":6,"total_tokens":18}}
        """;

    [Theory]
    [InlineData("/models/chat/completions?api-version=2024-05-01-preview")]
    [InlineData("/v1/projects/p/locations/l/endpoints/openapi/chat/completions")]
    [InlineData("/v1/files/f/chat/completions")]
    [InlineData("/v1/threads/t/chat/completions/")]
    [InlineData("/v1/moderations/chat/completions")]
    [InlineData("/v1beta/openai/chat/completions")]
    public async Task Completion_BehindAnyPath_IsMetered(string target)
    {
        await using var rig = await MeteredRig.StartAsync(("Access:Keys", Keys.Access));

        await rig.ExchangeAsync(
            MeteredRig.Post($"POST {target}", Request, $"Authorization: Bearer {Keys.Access}", "Content-Type: application/json"), MeteredRig.Answer(Answer));

        var record = await rig.RecordAsync();
        Assert.Equal(("chat", "tokens", 12, 6),
            (record.Endpoint, record.Lines[0].Unit, record.Lines[0].Counts.Input, record.Lines[0].Counts.Output));
    }

    [Theory]
    [InlineData("/v1/files/f/anything")]
    [InlineData("/v1/models/gpt-4o/generate")]
    [InlineData("/v1/skills/a/b/c")]
    public async Task Post_ThatNoRowNames_IsUnpriced(string target)
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(MeteredRig.Post($"POST {target}", "{}"), MeteredRig.Answer("{}"));

        Assert.Equal("unmetered", (await rig.RecordAsync()).Lines[0].Unit);
    }
}

namespace OpenAIProxy.Gateway.Tests.Metering.Charges;

/// <summary>Runs of assistants, whose usage has names of its own.</summary>
public sealed class RunChargeTests
{
    private const string Tokens = "gpt-4o-mini default free\ngpt-4o-mini default tokens in=2000 cached=1536 out=20 once(run_1)";

    // Docs and recorded answers differ in where they put the plural.
    [Theory]
    [InlineData("prompt_token_details")]
    [InlineData("prompt_tokens_details")]
    [InlineData("input_token_details")]
    [InlineData("input_tokens_details")]
    public async Task Run_WithCachedInput_CostsLess(string details)
    {
        var record = await Charge.CallAsync("GET /v1/threads/thread_1/runs/run_1", "", Run(details));

        Charge.Is(Tokens, 0.0001968m, record);
    }

    [Fact]
    public async Task Run_AsStream_CostsTheSame()
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(
            MeteredRig.Post("POST /v1/threads/thread_1/runs", """{"assistant_id":"asst_1","stream":true}"""),
            MeteredRig.Chunked($"event: thread.run.completed\ndata: {Run("prompt_token_details")}\n\nevent: done\ndata: [DONE]\n\n"));

        Charge.Is(Tokens, 0.0001968m, await rig.RecordAsync());
    }

    [Theory]
    [InlineData("completion_token_details")]
    [InlineData("completion_tokens_details")]
    public async Task Run_ThatThought_SaysHowMuch(string details)
    {
        var record = await Charge.CallAsync(
            "GET /v1/threads/thread_1/runs/run_1", "",
            $$$"""{"id":"run_1","object":"thread.run","status":"completed","model":"o3","usage":{"prompt_tokens":9,"completion_tokens":90,"total_tokens":99,"{{{details}}}":{"reasoning_tokens":64} } }""");

        Assert.Equal("o3 default free\no3 default tokens in=9 out=90 reasoning=64 once(run_1)", Charge.Of(record));
    }

    private static string Run(string details)
        => $$$"""{"id":"run_1","object":"thread.run","status":"completed","model":"gpt-4o-mini","usage":{"prompt_tokens":2000,"completion_tokens":20,"total_tokens":2020,"{{{details}}}":{"cached_tokens":1536} } }""";
}

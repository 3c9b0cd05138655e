
namespace OpenAIProxy.Gateway.Tests.Metering.Charges;

/// <summary>What calls cost whose charge is more than usage and tier.</summary>
public sealed class DollarTests
{
    [Theory]
    // Images by the tool's own model.
    [InlineData("gpt-5.4", "", """ "tools":[{"type":"image_generation","model":"gpt-image-1"}],"tool_usage":{"image_gen":{"input_tokens":40,"input_tokens_details":{"text_tokens":40,"image_tokens":0},"output_tokens":1056,"output_tokens_details":{"text_tokens":0,"image_tokens":1056},"total_tokens":1096}} """, 2000, 60, "", 0.04834)]
    // A search of a small model adds a block of input.
    [InlineData("gpt-4.1-mini", "", """ "tools":[{"type":"web_search"}],"tool_usage":{"web_search":{"num_requests":1}} """, 310, 290, "", 0.013788)]
    [InlineData("gpt-4.1-mini", "", """ "output":[{"type":"web_search_call","action":{"type":"search"}},{"type":"web_search_call","action":{"type":"open_page"}}] """, 310, 290, "", 0.013788)]
    // The older tool.
    [InlineData("gpt-4.1", "", """ "tools":[{"type":"web_search_preview"}],"output":[{"type":"web_search_call"}] """, 310, 290, "", 0.02794)]
    // Cache writes for 12 hours.
    [InlineData("gpt-6.1-terra", "\"prompt_cache_options\":{\"ttl\":\"12h\"},", """ "x":1 """, 10000, 10, ",\"input_tokens_details\":{\"cache_write_tokens\":9000}", 0.02355)]
    [InlineData("gpt-6.1-terra", "", """ "x":1 """, 10000, 10, ",\"input_tokens_details\":{\"cache_write_tokens\":9000,\"cache_write_tokens_details\":{\"ttl_12h_tokens\":9000}}", 0.02355)]
    // Fast, with a long context.
    [InlineData("gpt-6.2-sol", "", """ "service_tier":"fast" """, 300000, 100, "", 2.403)]
    public async Task Response_Costs(string model, string asked, string members, long input, long output, string details, double dollars)
    {
        var record = await Charge.CallAsync(
            "POST /v1/responses", $$"""{"model":"{{model}}",{{asked}}"input":"x"}""",
            $$"""{"id":"resp_1","object":"response","status":"completed","model":"{{model}}",{{members}},"usage":{"input_tokens":{{input}},"output_tokens":{{output}}{{details}} } }""");

        Charge.Costs((decimal)dollars, record);
    }

    [Theory]
    [InlineData("2h", 0.21)]
    [InlineData("8h", 0.18)]
    [InlineData("soonest", 0.30)]
    public async Task Response_InAWindow_Costs(string window, double dollars)
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(
            MeteredRig.Post(
                "POST /v1/responses",
                $$"""{"model":"gpt-6.2-sol","background":true,"background_options":{"completion_window":"{{window}}"},"input":"x"}"""),
            MeteredRig.Answer("""{"id":"resp_1","object":"response","status":"queued","background":true,"model":"gpt-6.2-sol","usage":null}"""));
        await rig.ExchangeAsync(
            Rig.Request("GET /v1/responses/resp_1"),
            MeteredRig.Answer("""{"id":"resp_1","object":"response","status":"completed","background":true,"model":"gpt-6.2-sol","usage":{"input_tokens":100000,"output_tokens":10000}}"""));

        Charge.Costs((decimal)dollars, (await rig.Journal.WaitAsync(2))[1]);
    }

    [Theory]
    [InlineData("1g", 0.03)]
    [InlineData("4g", 0.12)]
    [InlineData("16g", 0.48)]
    [InlineData("64g", 1.92)]
    public async Task Container_OfASize_Costs(string memory, double dollars)
    {
        foreach (var (tool, call) in new[]
        {
            ($$"""{"type":"shell","environment":{"type":"container_auto","memory_limit":"{{memory}}"} }""", """{"type":"shell_call","environment":{"type":"container_reference","container_id":"cntr_1"}}"""),
            ($$"""{"type":"code_interpreter","container":{"type":"auto","memory_limit":"{{memory}}"} }""", """{"type":"code_interpreter_call","container_id":"cntr_1"}"""),
        })
        {
            var record = await Charge.CallAsync(
                "POST /v1/responses", $$"""{"model":"gpt-5.4","tools":[{{tool}}],"input":"x"}""",
                $$"""{"id":"resp_1","object":"response","status":"completed","model":"gpt-5.4","output":[{{call}}],"usage":{"input_tokens":0,"output_tokens":0} }""");

            Charge.Costs((decimal)dollars, record);
        }
    }
}

using OpenAIProxy.BillingService.Tests.Ledger;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary>The names of counts in reports, their order and what stands under them: scripts and sheets know them so.</summary>
public sealed class CountNamesTests
{
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    [Fact]
    public async Task Report_OfEveryCount_HasEachUnderItsName()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken));
        await rig.Billing.ReportAsync(Rows.Of(1, model: "our-own-model"));

        var json = (await rig.Billing.GetAsync("/billing/usage", AdminToken)).Text;
        var csv = (await rig.Billing.GetAsync("/billing/usage?format=csv", AdminToken)).Text;

        const string Figures =
            """
            "requests":1,"errors":2,"cut":3,"estimated_requests":0,"unpriced_requests":1,"total_tokens":15,"input_tokens":4,
            "cached_input_tokens":5,"cache_write_tokens":6,"cache_write_12h_tokens":16,"audio_input_tokens":7,"image_input_tokens":9,
            "output_tokens":11,"reasoning_tokens":12,"audio_output_tokens":13,"image_output_tokens":14,"audio_seconds":0,
            "video_seconds":0,"characters":0,"images":0,"tool_calls":0,"cost_usd":null,"estimated_cost_usd":0,"unpriced":true,
            "duration_ms":null,"time_to_first_token_ms":null
            """;
        Assert.Equal(
            $$$"""
            {"object":"usage_report","start_date":"2026-02-14","end_date":"2026-03-15","group_by":["day","model"],"rows":[
            {"day":"2026-03-15","model":"our-own-model",{{{Figures}}}}],"has_more":false,"next":null,"total":{{{{Figures}}}},"source":"ledger"}
            """.ReplaceLineEndings(""),
            json);
        Assert.Equal(
            "day,model,requests,errors,cut,estimated_requests,unpriced_requests,total_tokens,input_tokens,cached_input_tokens,cache_write_tokens,"
                + "cache_write_12h_tokens,audio_input_tokens,image_input_tokens,output_tokens,reasoning_tokens,audio_output_tokens,image_output_tokens,"
                + "audio_seconds,video_seconds,characters,images,tool_calls,cost_usd,estimated_cost_usd,unpriced,duration_p50_ms,duration_p95_ms,"
                + "time_to_first_token_p50_ms,time_to_first_token_p95_ms\r\n"
                + "2026-03-15,our-own-model,1,2,3,0,1,15,4,5,6,16,7,9,11,12,13,14,0,0,0,0,0,,0,true,,,,\r\n",
            csv);
    }
}

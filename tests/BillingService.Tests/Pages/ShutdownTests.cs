using OpenAIProxy.BillingService.Tests.Reports;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>Models that will be shut down within 60 days are marked on the page.</summary>
public sealed class ShutdownTests(Chromium chromium)
{
    [Theory]
    // The price book has it end on 2026-03-26; it is the 15th.
    [InlineData("gpt-4-0125-preview", "", "will be shut down on 2026-03-26")]
    [InlineData("gpt-4-0125-preview", "zh-CN", "将于 2026-03-26 停用")]
    // That was on 2025-06-06.
    [InlineData("gpt-4-0613", "", null)]
    // On 2027-01-14.
    [InlineData("ft:gpt-4.1-2025-04-14", "", null)]
    public async Task Model_ThatEndsSoon_IsMarked(string model, string language, string? mark)
    {
        await using var rig = await BillingRig.StartAsync();
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-10", 1_000, model: model));
        await using var visitor = await chromium.VisitAsync(new() { Locale = language.Length == 0 ? "en-US" : language });
        var tab = await visitor.SignInAsync(new Uri(rig.Billing.Address, "/usage"), Keys.Secret);

        var row = await tab.Locator("#models-table tbody tr").Filter(new() { HasText = model }).TextContentAsync();

        if (mark is null)
        {
            Assert.DoesNotContain("shut down", row, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains(mark, row, StringComparison.Ordinal);
        }
    }
}

using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The table of a key's limits, as they are written in settings.</summary>
internal static class LimitsTable
{
    /// <summary>The table; null if there are none.</summary>
    public static TableView? Of(KeyLimits? limits, Words words)
    {
        if (limits is null || limits == KeyLimits.None)
        {
            return null;
        }

        var texts = KeyTexts.Of(words);
        (string Field, string Amount)[] all =
        [
            ("limits.requests", limits.Requests), ("limits.tokens", limits.Tokens), ("limits.input_tokens", limits.InputTokens),
            ("limits.output_tokens", limits.OutputTokens), ("limits.concurrency", limits.Concurrency),
        ];
        var rows = all.Where(limit => limit.Amount.Length > 0).Select(limit => new Row(texts.Label(limit.Field), [new Cell(limit.Amount) { IsText = true }]));
        return new TableView("limits-table", words.Limits, [words.Limits, words.Allowed], [.. rows]);
    }
}

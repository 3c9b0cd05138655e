using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>The counts of a row as JSON and CSV name them, in their order there.</summary>
internal static class ReportFields
{
    public static IReadOnlyList<(string Name, Func<UsageFigures, decimal> Value)> Counts { get; } =
    [
        .. Counters(areTokens: false),
        ("estimated_requests", f => f.EstimatedRequests),
        ("unpriced_requests", f => f.UnpricedRequests),
        ("total_tokens", f => f.Tokens),
        .. Counters(areTokens: true),
        ("audio_seconds", f => f.AudioSeconds),
        ("video_seconds", f => f.VideoSeconds),
        ("characters", f => f.Characters),
        ("images", f => f.Images),
        ("tool_calls", f => f.ToolCalls),
    ];

    /// <summary>Milliseconds as they are shown: a bucket's middle is no more exact than this.</summary>
    public static double? Shown(double? milliseconds) => milliseconds is { } value ? Math.Round(value, value < 10 ? 1 : 0) : null;

    private static IEnumerable<(string Name, Func<UsageFigures, decimal> Value)> Counters(bool areTokens)
        => Counter.All.Where(c => c.ReportName is not null && c.IsTokens == areTokens)
            .Select(c => (c.ReportName!, new Func<UsageFigures, decimal>(f => f.Counts[c.Kind])));
}

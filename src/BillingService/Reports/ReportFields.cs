namespace OpenAIProxy.BillingService.Reports;

/// <summary>The counts of a row as JSON and CSV name them, in their order there.</summary>
internal static class ReportFields
{
    public static IReadOnlyList<(string Name, Func<UsageFigures, decimal> Value)> Counts { get; } =
    [
        ("requests", f => f.Requests),
        ("errors", f => f.Errors),
        ("cut", f => f.Cut),
        ("estimated_requests", f => f.EstimatedRequests),
        ("unpriced_requests", f => f.UnpricedRequests),
        ("total_tokens", f => f.Input + f.Output),
        ("input_tokens", f => f.Input),
        ("cached_input_tokens", f => f.CachedInput),
        ("cache_write_tokens", f => f.CacheWrite),
        ("cache_write_12h_tokens", f => f.CacheWrite12h),
        ("audio_input_tokens", f => f.AudioInput),
        ("image_input_tokens", f => f.ImageInput),
        ("output_tokens", f => f.Output),
        ("reasoning_tokens", f => f.ReasoningOutput),
        ("audio_output_tokens", f => f.AudioOutput),
        ("image_output_tokens", f => f.ImageOutput),
        ("audio_seconds", f => f.AudioSeconds),
        ("video_seconds", f => f.VideoSeconds),
        ("characters", f => f.Characters),
        ("images", f => f.Images),
        ("tool_calls", f => f.ToolCalls),
    ];

    /// <summary>Milliseconds as they are shown: a bucket's middle is no more exact than this.</summary>
    public static double? Shown(double? milliseconds) => milliseconds is { } value ? Math.Round(value, value < 10 ? 1 : 0) : null;
}

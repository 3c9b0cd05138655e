using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>What ledger, reports and page know of a kind of count. Its name in JSON is that of its property in <see cref="UsageCounts"/>.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Column">Its column in the ledger's tables.</param>
/// <param name="ReportName">Its name in reports; null if it is in none.</param>
/// <param name="PartOf">The kind that counts the same tokens among others; null if there is none.</param>
internal sealed record Counter(CountKind Kind, string Column, string? ReportName, CountKind? PartOf = null)
{
    /// <summary>All of them, in the order in which reports have them.</summary>
    public static IReadOnlyList<Counter> All { get; } =
    [
        new(CountKind.Requests, "requests", "requests"),
        new(CountKind.Errors, "errors", "errors"),
        new(CountKind.Cut, "cut", "cut"),
        new(CountKind.Input, "input", "input_tokens"),
        new(CountKind.CachedInput, "cached_input", "cached_input_tokens", CountKind.Input),
        new(CountKind.CacheWrite, "cache_write", "cache_write_tokens", CountKind.Input),
        new(CountKind.CacheWrite12h, "cache_write_12h", "cache_write_12h_tokens", CountKind.CacheWrite),
        new(CountKind.AudioInput, "audio_input", "audio_input_tokens", CountKind.Input),
        new(CountKind.CachedAudioInput, "cached_audio_input", null, CountKind.AudioInput),
        new(CountKind.ImageInput, "image_input", "image_input_tokens", CountKind.Input),
        new(CountKind.CachedImageInput, "cached_image_input", null, CountKind.ImageInput),
        new(CountKind.Output, "output", "output_tokens"),
        new(CountKind.ReasoningOutput, "reasoning_output", "reasoning_tokens", CountKind.Output),
        new(CountKind.AudioOutput, "audio_output", "audio_output_tokens", CountKind.Output),
        new(CountKind.ImageOutput, "image_output", "image_output_tokens", CountKind.Output),
        new(CountKind.Quantity, "quantity", null),
    ];

    /// <summary>True for kinds of tokens.</summary>
    public bool IsTokens => PartOf is not null || Kind is CountKind.Input or CountKind.Output;
}

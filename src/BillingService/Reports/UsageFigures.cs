namespace OpenAIProxy.BillingService.Reports;

/// <summary>The figures of one row of a report, or of all of it. Times in milliseconds, null where nothing was timed.</summary>
/// <param name="Requests">Calls.</param>
/// <param name="Errors">Failed calls.</param>
/// <param name="Cut">Calls whose answer did not reach its end.</param>
/// <param name="EstimatedRequests">Calls whose usage is an estimate.</param>
/// <param name="UnpricedRequests">
/// Calls whose usage has no known price, or could not be metered. Not those of which only a part beside the tokens has none, such as a tool's
/// calls: <paramref name="IsUnpriced"/> tells of all.
/// </param>
/// <param name="Input">Input tokens, all kinds.</param>
/// <param name="CachedInput">Of these, read from the cache.</param>
/// <param name="CacheWrite">Of these, written to the cache.</param>
/// <param name="AudioInput">Of these, audio.</param>
/// <param name="ImageInput">Of these, images.</param>
/// <param name="Output">Output tokens, all kinds.</param>
/// <param name="ReasoningOutput">Of these, reasoning.</param>
/// <param name="AudioOutput">Of these, audio.</param>
/// <param name="ImageOutput">Of these, images.</param>
/// <param name="AudioSeconds">Seconds of audio billed by time.</param>
/// <param name="Characters">Characters spoken.</param>
/// <param name="Images">Images billed one by one.</param>
/// <param name="ToolCalls">Calls of upstream's tools.</param>
/// <param name="Dollars">US dollars of all that has a price; null if nothing of it has one.</param>
/// <param name="EstimatedDollars">Of these, by estimated usage.</param>
/// <param name="IsUnpriced">True if a part has no price: <paramref name="Dollars"/> is not all.</param>
/// <param name="DurationP50">Half of the calls took no longer.</param>
/// <param name="DurationP95">95 % of the calls took no longer.</param>
/// <param name="FirstTokenP50">The first token of half of the answers came no later.</param>
/// <param name="FirstTokenP95">The first token of 95 % of the answers came no later.</param>
internal sealed record UsageFigures(
    long Requests, long Errors, long Cut, long EstimatedRequests, long UnpricedRequests,
    long Input, long CachedInput, long CacheWrite, long AudioInput, long ImageInput,
    long Output, long ReasoningOutput, long AudioOutput, long ImageOutput,
    decimal AudioSeconds, long Characters, long Images, long ToolCalls,
    decimal? Dollars, decimal EstimatedDollars, bool IsUnpriced,
    double? DurationP50, double? DurationP95, double? FirstTokenP50, double? FirstTokenP95)
{
    /// <summary>Seconds of video billed by time.</summary>
    public decimal VideoSeconds { get; init; }

    /// <summary>Of <see cref="CacheWrite"/>, tokens written for 12 hours.</summary>
    public long CacheWrite12h { get; init; }
}

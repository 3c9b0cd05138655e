using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>The figures of one row of a report, or of all of it. Times in milliseconds, null where nothing was timed.</summary>
/// <param name="Counts">What was counted. Not a copy: nothing is added any more to a sum that was asked for its figures.</param>
internal sealed record UsageFigures(UsageCounts Counts)
{
    /// <summary>Calls whose usage is an estimate.</summary>
    public long EstimatedRequests { get; init; }

    /// <summary>
    /// Calls whose usage has no known price, or could not be metered. Not those of which only a part beside the tokens has none, such as a
    /// tool's calls: <see cref="IsUnpriced"/> tells of all.
    /// </summary>
    public long UnpricedRequests { get; init; }

    /// <summary>Tokens, in and out.</summary>
    public long Tokens => Counts.Input + Counts.Output;

    /// <summary>Seconds of audio billed by time.</summary>
    public decimal AudioSeconds { get; init; }

    /// <summary>Seconds of video billed by time.</summary>
    public decimal VideoSeconds { get; init; }

    /// <summary>Characters spoken.</summary>
    public long Characters { get; init; }

    /// <summary>Images billed one by one.</summary>
    public long Images { get; init; }

    /// <summary>Calls of upstream's tools.</summary>
    public long ToolCalls { get; init; }

    /// <summary>US dollars of all that has a price; null if nothing of it has one.</summary>
    public decimal? Dollars { get; init; }

    /// <summary>Of these, by estimated usage.</summary>
    public decimal EstimatedDollars { get; init; }

    /// <summary>True if a part has no price: <see cref="Dollars"/> is not all.</summary>
    public bool IsUnpriced { get; init; }

    /// <summary>Calls whose duration is known.</summary>
    public long TimedRequests { get; init; }

    /// <summary>Of these, calls whose first token was seen: not errors, and nothing that is free.</summary>
    public long TimedFirstTokens { get; init; }

    /// <summary>Half of the calls took no longer.</summary>
    public double? DurationP50 { get; init; }

    /// <summary>95 % of the calls took no longer.</summary>
    public double? DurationP95 { get; init; }

    /// <summary>The first token of half of the answers came no later.</summary>
    public double? FirstTokenP50 { get; init; }

    /// <summary>The first token of 95 % of the answers came no later.</summary>
    public double? FirstTokenP95 { get; init; }
}

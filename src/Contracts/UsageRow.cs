namespace OpenAIProxy.Contracts;

/// <summary>Counts of one combination of dimensions.</summary>
/// <param name="What">What they are about.</param>
/// <param name="Counts">How many, how much.</param>
public sealed record UsageRow(UsageDimensions What, UsageCounts Counts)
{
    /// <summary>
    /// The id of an upstream object (a background response, a batch) whose usage may be seen many times: the row counts only if no
    /// row of its unit (<see cref="UsageUnit.WithoutVariant"/>) with this id was ever counted. Null for a row that always counts.
    /// </summary>
    public string? Once { get; init; }

    /// <summary>How long the calls took until their end, as calls by <see cref="LatencyBuckets"/>; null where nothing was timed.</summary>
    public Dictionary<int, long>? Duration { get; init; }

    /// <summary>Times to the first token of the answer, or to its first byte where it is no text: calls by <see cref="LatencyBuckets"/>.</summary>
    public Dictionary<int, long>? FirstToken { get; init; }
}

using OpenAIProxy.Contracts;

namespace OpenAIProxy.Usage;

/// <summary>One unit of what a call used.</summary>
/// <param name="Model">The model that answered; empty where the answer named none.</param>
/// <param name="Tier">A <see cref="ServiceTier"/>.</param>
/// <param name="Unit">A <see cref="UsageUnit"/>.</param>
/// <param name="Estimated">See <see cref="UsageDimensions.Estimated"/>.</param>
/// <param name="Counts">How much; <see cref="UsageCounts.Requests"/>, Errors and Cut are 1 or 0 and are set in a record's first line only.</param>
/// <param name="Once">The id of an upstream object that must be counted once only; null for all else.</param>
internal sealed record UsageLine(string Model, string Tier, string Unit, bool Estimated, UsageCounts Counts, string? Once = null)
{
    /// <summary>
    /// True if <see cref="Model"/> is one that nobody asked for by the request's model, such as that of a tool: then the model asked for
    /// says nothing about its price.
    /// </summary>
    public bool IsOfAnotherModel { get; init; }
}

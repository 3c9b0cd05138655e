namespace OpenAIProxy.Contracts;

/// <summary>What a usage row is about: all that its price may depend on, and all it can be grouped by. Counts of equal dimensions can be added.</summary>
/// <param name="Hour">The hour it was asked in: whole hours since 1970-01-01T00:00Z.</param>
/// <param name="Key">Whose usage: a <see cref="KeyId"/>, or <see cref="Anonymous"/>.</param>
/// <param name="Model">The model that answered, or the one asked for where the answer names none; empty where no model is involved.</param>
/// <param name="RequestedModel">The model asked for, if it has another name than <paramref name="Model"/>; else empty.</param>
/// <param name="Endpoint">The path family, such as <c>chat</c>; one of the gateway's table.</param>
/// <param name="Tier">A <see cref="ServiceTier"/>.</param>
/// <param name="Region">The region whose host was asked, such as <c>eu</c>; empty for the global host and for other servers.</param>
/// <param name="Context">The <see cref="ContextSize"/>.</param>
/// <param name="Unit">A <see cref="UsageUnit"/>.</param>
/// <param name="Estimated">
/// True if not all of it is what upstream reported: counts that are estimated from what passed, inferred from others or clamped to a sensible
/// range; a model or a lifetime that is assumed; a price that depends on what no answer tells.
/// </param>
public sealed record UsageDimensions(
    long Hour, string Key, string Model, string RequestedModel, string Endpoint, string Tier, string Region, int Context, string Unit, bool Estimated)
{
    /// <summary>
    /// Who used it below the key, a name or its hash, at most <see cref="LongestName"/> characters; null where none was told, or where end users
    /// are not kept apart.
    /// </summary>
    public string? EndUser { get; init; }

    /// <summary>The key of callers who bring none.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>Stands for all model names, tiers and variants of units that are not kept, since callers can make up as many as they like.</summary>
    public const string Other = "(other)";

    /// <summary>The longest model name, tier or unit in characters: they come from outside, and longer ones are cut.</summary>
    public const int LongestName = 128;
}

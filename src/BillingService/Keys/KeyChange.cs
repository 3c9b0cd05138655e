namespace OpenAIProxy.BillingService.Keys;

/// <summary>One change of a managed key, as the audit keeps it for ever. It holds no secret.</summary>
/// <param name="Version">Its number, and the version of the keys after it; 1 and up without a gap.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">Who: <c>admin API</c>, <c>usage page</c>, <c>command line</c>, or an admin of the identity provider by their e-mail.</param>
/// <param name="Action">What: one of <see cref="KeyActions"/>.</param>
/// <param name="Key">The key's id.</param>
/// <param name="Name">The key's name after the change.</param>
/// <param name="Fields">The fields that were changed, by their names in the admin API.</param>
internal sealed record KeyChange(
    long Version, DateTimeOffset Time, string Actor, string Action, string Key, string Name, IReadOnlyList<string> Fields);

namespace OpenAIProxy.Contracts.Keys;

/// <summary>
/// All access keys that the billing service keeps, as gateways read them: <c>{ "version": 7, "keys": [ … ] }</c>, each key as
/// <see cref="AccessKeyJson"/> writes it. A revoked key is among them, without secrets.
/// </summary>
public static class KeySnapshot
{
    /// <summary>Where it is read, with <see cref="After"/>.</summary>
    public const string Path = "/internal/keys";

    /// <summary>
    /// The parameter that says which version is known. The answer comes when the version is another one; after <see cref="Wait"/> it is 204.
    /// </summary>
    public const string After = "after";

    /// <summary>The member with the version, 0 while there was no key yet.</summary>
    public const string Version = "version";

    /// <summary>The member with the keys.</summary>
    public const string Keys = "keys";

    /// <summary>How long the billing service waits for a change before it says that there was none.</summary>
    public static TimeSpan Wait { get; } = TimeSpan.FromSeconds(10);
}

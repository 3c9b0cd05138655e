namespace OpenAIProxy.Contracts.Keys;

/// <summary>
/// An access key and its rules, whoever keeps it: the settings, a file of keys, or the billing service. Texts are as people write them; their
/// forms are those of <see cref="AccessKeyFields"/>, which finds what is wrong with a record.
/// </summary>
public sealed record AccessKeyRecord
{
    /// <summary>
    /// Whose usage it is in the ledger: the <see cref="KeyId"/> of the key's first secret. It stays the same when the secret is replaced.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>What the operator calls it; empty if it has no name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What opens the gateway: one secret, or two while the key is rotated.</summary>
    public required IReadOnlyList<KeySecret> Secrets { get; init; }

    /// <summary>Whose key it is, such as an e-mail address; empty for nobody's.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The team that shares limits and budgets, by its name; empty for none.</summary>
    public string Team { get; init; } = "";

    /// <summary>Words for reports.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>True while the key may be used.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>From when on it opens nothing any more; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The models it may use, with <c>*</c> for any characters; empty for all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The paths it may call, <c>/v1/chat/completions</c> or <c>/v1/files/*</c>; empty for all.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>The addresses and networks (CIDR) it may come from; empty for all.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>How much it may do in a time.</summary>
    public KeyLimits Limits { get; init; } = KeyLimits.None;

    /// <summary>What it may spend, in the notation of <see cref="Budget"/>: <c>5/day;100/month</c>; empty for no bound.</summary>
    public string Budgets { get; init; } = "";

    /// <summary>At which percents of a budget somebody is told, in the notation of <see cref="AlertLevels"/>; empty for the common ones.</summary>
    public string AlertAt { get; init; } = "";
}

using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>Everything that decides who may call, as of one moment. It never changes.</summary>
internal sealed class AccessSnapshot
{
    private readonly AccessSettings _configured;
    private readonly IReadOnlyList<AccessKey> _managed;

    /// <summary>Of the start.</summary>
    public AccessSnapshot(AccessSettings settings, OpenAISettings openAI)
        : this(settings, openAI, [], [])
    {
    }

    private AccessSnapshot(AccessSettings settings, OpenAISettings openAI, IReadOnlyList<AccessKey> managed, IReadOnlyList<AccessKey> before)
    {
        _configured = settings;
        _managed = managed;
        // Anonymous use goes on by itself only while there is no key at all. A revoked key counts: revoking the last one must not open the gateway.
        Settings = settings.Anonymous == AnonymousUse.FromThisMachine && managed.Count > 0 ? settings with { Anonymous = AnonymousUse.Refused } : settings;
        OpenAI = openAI;
        // Of two keys with one id the configured one comes first, and holds.
        AccessKey[] inForce = [.. settings.Keys.Concat(managed).DistinctBy(key => key.Id)];
        KnownKeys = [.. inForce.Concat(before).DistinctBy(key => key.Id)];
        Origins = new OriginPolicy(Settings);
        Gate = new AccessGate(Settings, openAI, Origins, new KeyTable(KnownKeys, inForce.Length));
        AccountPaths = new AccountPaths(Settings);
    }

    /// <summary>Who may call.</summary>
    public AccessSettings Settings { get; }

    /// <summary>The operator's keys.</summary>
    public OpenAISettings OpenAI { get; }

    /// <summary>
    /// The access keys in force, and behind them those that were since the start: usage of a key that was taken away keeps its name, and no log shows the key.
    /// </summary>
    public IReadOnlyList<AccessKey> KnownKeys { get; }

    /// <summary>Who is calling.</summary>
    public AccessGate Gate { get; }

    /// <summary>Which pages may call.</summary>
    public OriginPolicy Origins { get; }

    /// <summary>Which paths the operator's key doesn't open.</summary>
    public AccountPaths AccountPaths { get; }

    /// <summary>The one after this, by other settings.</summary>
    public AccessSnapshot With(AccessSettings settings) => new(settings, OpenAI, _managed, KnownKeys);

    /// <summary>The one after this, with other keys of the billing service.</summary>
    public AccessSnapshot WithManaged(IReadOnlyList<AccessKey> keys) => new(_configured, OpenAI, keys, KnownKeys);
}

using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>Everything that decides who may call, as of one moment. It never changes.</summary>
internal sealed class AccessSnapshot
{
    /// <summary>Of the start.</summary>
    public AccessSnapshot(AccessSettings settings, OpenAISettings openAI)
        : this(settings, openAI, settings.Keys)
    {
    }

    private AccessSnapshot(AccessSettings settings, OpenAISettings openAI, IReadOnlyList<AccessKey> knownKeys)
    {
        Settings = settings;
        OpenAI = openAI;
        KnownKeys = knownKeys;
        Origins = new OriginPolicy(settings);
        Gate = new AccessGate(settings, openAI, Origins, knownKeys);
        AccountPaths = new AccountPaths(settings);
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
    public AccessSnapshot With(AccessSettings settings) => new(settings, OpenAI, [.. settings.Keys.Concat(KnownKeys).DistinctBy(key => key.Id)]);
}

using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Limits.Stores.Shared;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>How much callers may do in a time.</summary>
/// <param name="Keys">Of each access key, where it has none of its own of that kind.</param>
/// <param name="Teams">Of all keys of a team, by its name.</param>
/// <param name="Addresses">Of all callers from one address.</param>
/// <param name="Total">Of all callers.</param>
/// <param name="Wait">How long a call may wait for its turn, 0 to a minute.</param>
/// <param name="CountsCachedInput">True if input that the upstream had in its cache counts.</param>
public sealed record LimitSettings(
    KeyLimits Keys, IReadOnlyDictionary<string, KeyLimits> Teams, KeyLimits Addresses, KeyLimits Total, TimeSpan Wait, bool CountsCachedInput)
{
    private static readonly TextSetting[] KeySettings = Fields("Keys", "each access key", " unless it has a limit of this kind of its own");
    private static readonly ListSetting TeamsSetting = new("Limits:Teams",
        "an object for each team, by its name, with Requests, Tokens, InputTokens, OutputTokens and Concurrency as in Limits:Total",
        "How much all keys of a team may do together.")
    { Reloads = true, Fields = ["Requests[]", "Tokens[]", "InputTokens[]", "OutputTokens[]", "Concurrency"] };
    private static readonly TextSetting[] AddressSettings = Fields("Addresses", "all callers from one address (IPv6: one /64 network)", "");
    private static readonly TextSetting[] TotalSettings = Fields("Total", "all callers together", "");
    private static readonly DurationSetting WaitSetting = new("Limits:Wait", "0s", "0s", "60s",
        "How long a call beyond a limit waits for its turn before it is refused.", "2s")
    { Reloads = true };
    private static readonly BoolSetting CachedInputSetting = new("Limits:CachedInput", true,
        "Whether input that the upstream had in its cache counts in limits of tokens, as it does at OpenAI.")
    { Reloads = true };
    private static readonly ChoiceSetting<StoreFailure> OnStoreFailureSetting = new("Limits:OnStoreFailure",
        "What limits do while the Redis of several gateways is unreachable.",
        ("Local", StoreFailure.Local, "each gateway enforces its share"), ("Open", StoreFailure.Open, "nothing is refused"),
        ("Closed", StoreFailure.Closed, "calls with a limit are refused with 503"))
    { Reloads = true };
    private static readonly CountSetting ReplicasSetting = new("Limits:Replicas", null, 1, 1_000,
        "Among how many gateways limits are shared while Redis is unreachable.")
    { Default = "as many as Redis has seen last", Reloads = true };

    internal static IReadOnlyList<Setting> All { get; } =
        [.. KeySettings, TeamsSetting, .. AddressSettings, .. TotalSettings, WaitSetting, CachedInputSetting, OnStoreFailureSetting, ReplicasSetting];

    /// <summary>How Redis is used.</summary>
    internal StoreSettings Store { get; private init; } = new(StoreFailure.Local, null);

    private bool HasAny => Keys != KeyLimits.None || Addresses != KeyLimits.None || Total != KeyLimits.None || Teams.Count > 0;

    /// <param name="reader">The settings.</param>
    /// <param name="access">The keys, of which some have limits.</param>
    /// <param name="isMetered">True if usage is counted.</param>
    internal static LimitSettings Read(SettingsReader reader, AccessSettings access, bool isMetered)
    {
        var settings = new LimitSettings(
            Read(reader, KeySettings), ReadTeams(reader), Read(reader, AddressSettings), Read(reader, TotalSettings), reader.Get(WaitSetting),
            reader.Get(CachedInputSetting))
        { Store = new StoreSettings(reader.Get(OnStoreFailureSetting), reader.Find(ReplicasSetting)) };
        settings = settings with { Store = settings.Store with { HasLimits = settings.HasAny || access.Keys.Any(key => key.Record.Limits != KeyLimits.None) } };
        if (!isMetered)
        {
            CheckTokens(reader, settings, access);
        }

        return settings;
    }

    private static TextSetting[] Fields(string of, string who, string unless) =>
    [
        Rate($"Limits:{of}:Requests", $"How many calls {who} may make{unless}."),
        Rate($"Limits:{of}:Tokens", $"How many tokens {who} may use, input and output together{unless}."),
        Rate($"Limits:{of}:InputTokens", $"How many tokens {who} may send{unless}."),
        Rate($"Limits:{of}:OutputTokens", $"How many tokens {who} may be answered with{unless}."),
        new($"Limits:{of}:Concurrency", ConcurrencyLimit.Notation, $"How many calls of {who} may be in progress at the same time{unless}.",
            text => ConcurrencyLimit.TryParse(text, out _))
        { Reloads = true },
    ];

    private static TextSetting Rate(string name, string meaning)
        => new(name, RateLimit.Notation, meaning, text => RateLimit.TryParse(text, out _)) { Reloads = true };

    private static KeyLimits Read(SettingsReader reader, TextSetting[] fields) => new(
        reader.Get(fields[0]) ?? "", reader.Get(fields[1]) ?? "", reader.Get(fields[2]) ?? "", reader.Get(fields[3]) ?? "", reader.Get(fields[4]) ?? "");

    private static Dictionary<string, KeyLimits> ReadTeams(SettingsReader reader)
    {
        foreach (var text in reader.Get(TeamsSetting))
        {
            reader.Wrong(TeamsSetting, text);
        }

        var teams = new Dictionary<string, KeyLimits>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in reader.Items(TeamsSetting))
        {
            teams[item.Path[(TeamsSetting.Name.Length + 1)..]] = new KeyLimits(
                Rate(item, "Requests"), Rate(item, "Tokens"), Rate(item, "InputTokens"), Rate(item, "OutputTokens"), Concurrency(item));
        }

        return teams;
    }

    private static string Rate(SettingsItem item, string field)
    {
        var text = item.Joined(field);
        if (!RateLimit.TryParse(text, out _))
        {
            item.Wrong(field, text, RateLimit.Notation);
        }

        return text;
    }

    private static string Concurrency(SettingsItem item)
    {
        var text = item.Text("Concurrency");
        if (!ConcurrencyLimit.TryParse(text, out _))
        {
            item.Wrong("Concurrency", text, ConcurrencyLimit.Notation);
        }

        return text;
    }

    private static void CheckTokens(SettingsReader reader, LimitSettings settings, AccessSettings access)
    {
        var named = new List<string>();
        named.AddRange(TokenFields(settings.Keys).Select(field => $"Limits:Keys:{field}"));
        named.AddRange(settings.Teams.SelectMany(team => TokenFields(team.Value).Select(field => $"Limits:Teams:{team.Key}:{field}")));
        named.AddRange(TokenFields(settings.Addresses).Select(field => $"Limits:Addresses:{field}"));
        named.AddRange(TokenFields(settings.Total).Select(field => $"Limits:Total:{field}"));
        named.AddRange(access.Keys.SelectMany(key => TokenFields(key.Record.Limits).Select(
            field => $"Access:Keys ({(key.Name.Length > 0 ? key.Name : key.Id)}) Limits:{field}")));
        foreach (var name in named)
        {
            reader.AddError($"{name} is set, but usage is not counted, and nobody knows how many tokens a call uses: a billing service is needed "
                + "(services:billing, and Metering:Enabled not false).");
        }
    }

    private static IEnumerable<string> TokenFields(KeyLimits limits)
    {
        if (limits.Tokens.Length > 0)
        {
            yield return "Tokens";
        }

        if (limits.InputTokens.Length > 0)
        {
            yield return "InputTokens";
        }

        if (limits.OutputTokens.Length > 0)
        {
            yield return "OutputTokens";
        }
    }
}

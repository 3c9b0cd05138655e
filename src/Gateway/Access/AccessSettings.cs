using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>Who may call.</summary>
/// <param name="Keys">Access keys: who shows one uses the operator's key.</param>
/// <param name="Anonymous">What callers without any key may do with the operator's key.</param>
/// <param name="AllowCallerKeys">True if callers may bring their own OpenAI key.</param>
/// <param name="AllowedNetworks">If not empty, only these may call.</param>
/// <param name="DeniedNetworks">These may not, whatever else is said.</param>
/// <param name="TrustedProxies">From these, and only these, <c>X-Forwarded-For</c> is believed.</param>
/// <param name="AllowedOrigins">Origins of browser pages that may call; <c>*</c> for any; empty for none.</param>
/// <param name="AccountPaths">Account paths that others may use with the operator's key, from their family on (<c>/organization/costs</c>).</param>
public sealed record AccessSettings(
    IReadOnlyList<AccessKey> Keys,
    AnonymousUse Anonymous,
    bool AllowCallerKeys,
    NetworkList AllowedNetworks,
    NetworkList DeniedNetworks,
    NetworkList TrustedProxies,
    IReadOnlyList<string> AllowedOrigins,
    IReadOnlyList<string> AccountPaths)
{
    private static readonly ListSetting KeysSetting = new("Access:Keys",
        $"one or more keys of visible ASCII characters, at most {AccessKey.LongestKey} each, with spaces or commas between; "
            + $"a name of at most {KeyLabel.LongestName} characters may stand before a key that begins with fk-, as in ann:fk-...; or objects with rules",
        "Access keys to give away: a caller who shows one uses the operator's key and never sees it. Its name stands in reports.")
    { Aliases = ["FORWARD_KEY"], Secret = true, Reloads = true, Fields = AccessKeyReader.Fields };
    private static readonly PathSetting KeysFileSetting = new("Access:KeysFile", null, "a JSON file { \"Keys\": [ … ] }",
        "More access keys, the same objects as in Access:Keys. Read again when it changes; one that can't be used changes nothing.")
    { Reloads = true };
    private static readonly BoolSetting ManagedKeysSetting = new("Access:ManagedKeys", null,
        "Whether the access keys that the billing service keeps, made at run time, open this gateway.")
    { Default = "true with a billing service, Internal:Token and OpenAI:ApiKey, else false" };
    private static readonly BoolSetting AllowAnonymousSetting = new("Access:AllowAnonymous", null, "Whether callers without any key use the operator's key.")
    { Default = "true on loopback without access keys, else false", Reloads = true };
    private static readonly BoolSetting AllowCallerKeysSetting = new("Access:AllowCallerKeys", true,
        "Whether callers may bring their own OpenAI key, which then wins.")
    { Reloads = true };
    private static readonly ListSetting AllowedNetworksSetting = Networks("Access:AllowedNetworks", "If set, only these addresses may call.", "IP_WHITELIST");
    private static readonly ListSetting DeniedNetworksSetting = Networks("Access:DeniedNetworks",
        "These addresses may not call; wins over the allowed ones.", "IP_BLACKLIST");
    private static readonly ListSetting TrustedProxiesSetting = Networks("Access:TrustedProxies",
        "Reverse proxies in front of the gateway whose X-Forwarded-For is believed.");
    private static readonly ListSetting AllowedOriginsSetting = new("Access:AllowedOrigins",
        "* or origins such as https://chat.example.com, or null, with spaces or commas between", "Browser pages that may call (CORS).")
    { Aliases = ["ACCESS_CONTROL_ALLOW_ORIGIN"], Reloads = true };
    private static readonly ListSetting AccountPathsSetting = new("Access:AccountPaths",
        "paths that are closed, such as /v1/organization/costs, with spaces or commas between; {id} stands for any one segment",
        "Paths of the operator's account, or sessions that nobody counts, that the operator's key opens to others all the same, with all below them.")
    { Reloads = true };

    /// <summary>True if the access keys that the billing service keeps are good here, too.</summary>
    public bool HasManagedKeys { get; init; }

    internal static IReadOnlyList<Setting> All { get; } =
    [
        KeysSetting, KeysFileSetting, ManagedKeysSetting, AllowAnonymousSetting, AllowCallerKeysSetting, AllowedNetworksSetting, DeniedNetworksSetting,
        TrustedProxiesSetting, AllowedOriginsSetting, AccountPathsSetting,
    ];

    /// <param name="reader">The settings.</param>
    /// <param name="openAI">The operator's keys among them.</param>
    /// <param name="keepsKeys">True if there is a billing service that may keep access keys, and knows this gateway.</param>
    /// <param name="listensOnLoopback">True if only this machine can reach the gateway.</param>
    /// <param name="addresses">Where it listens, for the error's text.</param>
    internal static AccessSettings Read(SettingsReader reader, OpenAISettings openAI, bool keepsKeys, bool listensOnLoopback, string addresses)
    {
        var keys = AccessKeyReader.Read(reader, KeysSetting);
        if (keys.Select(k => k.Id).Intersect(openAI.ApiKeys.Select(k => KeyId.Of(k).Value), StringComparer.Ordinal).Any())
        {
            reader.AddError("Access:Keys (FORWARD_KEY) holds a key that is also in OpenAI:ApiKey (OPENAI_API_KEY): whoever is given it could use it "
                + "without this gateway. Make access keys of your own, such as fk-... .");
        }

        var anonymous = reader.Find(AllowAnonymousSetting);
        if (keys.Count > 0 && openAI.ApiKeys.Count == 0)
        {
            reader.AddError("Access:Keys (FORWARD_KEY) is set, but OpenAI:ApiKey (OPENAI_API_KEY) is not: there is no key to use for those who show one.");
        }

        var hasManagedKeys = ReadManagedKeys(reader, openAI, keepsKeys);
        if (openAI.ApiKeys.Count > 0 && !reader.IsSet(KeysSetting) && !hasManagedKeys && anonymous is null && !listensOnLoopback)
        {
            reader.AddError($"OpenAI:ApiKey (OPENAI_API_KEY) is set and the gateway listens on {addresses}: everyone who can reach it could spend "
                + "that key. Set FORWARD_KEY (Access:Keys) to the key that callers must show, or Access:AllowAnonymous=true if that is meant, "
                + "or listen on loopback only (--urls http://localhost:8000).");
        }

        return new AccessSettings(
            keys,
            anonymous switch
            {
                true => AnonymousUse.Allowed,
                null when keys.Count == 0 && listensOnLoopback => AnonymousUse.FromThisMachine,
                _ => AnonymousUse.Refused,
            },
            reader.Get(AllowCallerKeysSetting),
            ReadNetworks(reader, AllowedNetworksSetting), ReadNetworks(reader, DeniedNetworksSetting), ReadNetworks(reader, TrustedProxiesSetting),
            ReadEach(reader, AllowedOriginsSetting, ReadOrigin), ReadEach(reader, AccountPathsSetting, Gateway.Access.AccountPaths.Opened))
        { HasManagedKeys = hasManagedKeys };
    }

    private static bool ReadManagedKeys(SettingsReader reader, OpenAISettings openAI, bool keepsKeys)
    {
        var canHave = keepsKeys && openAI.ApiKeys.Count > 0;
        var isOn = reader.Find(ManagedKeysSetting) ?? canHave;
        if (isOn && !canHave)
        {
            reader.AddError(keepsKeys
                ? "Access:ManagedKeys is true, but OpenAI:ApiKey (OPENAI_API_KEY) is not set: there is no key to use for those who show an access key."
                : "Access:ManagedKeys is true, but there is no billing service that keeps keys for this gateway: set services:billing and Internal:Token.");
        }

        return isOn;
    }

    private static ListSetting Networks(string name, string meaning, params string[] aliases)
        => new(name, "IP addresses and CIDR networks (10.0.0.0/8, 2001:db8::/32), with spaces or commas between", meaning)
        { Aliases = aliases, Reloads = true };

    private static NetworkList ReadNetworks(SettingsReader reader, ListSetting setting)
    {
        if (!NetworkList.TryParse(reader.Get(setting), out var networks, out var wrong))
        {
            reader.Wrong(setting, wrong);
        }

        return networks;
    }

    private static List<string> ReadEach(SettingsReader reader, ListSetting setting, Func<string, string?> read)
    {
        var values = new List<string>();
        foreach (var text in reader.Get(setting))
        {
            if (read(text) is { } value)
            {
                values.Add(value);
            }
            else
            {
                reader.Wrong(setting, text);
            }
        }

        return values;
    }

    private static string? ReadOrigin(string text)
    {
        // What browsers send for pages from files, and from frames in a sandbox.
        if (text is "*" or "null")
        {
            return text;
        }

        // Browsers send an origin in lower case and without a trailing slash.
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0
            ? uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant()
            : null;
    }
}

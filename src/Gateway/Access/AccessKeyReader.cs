using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>Reads access keys as the settings have them: <c>ann:fk-…</c>, or objects with rules.</summary>
internal static class AccessKeyReader
{
    /// <summary>The fields of an object. Those that take several may be arrays.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        [.. AccessKeyFields.All.Select(field => MayBeArray(field) ? $"{field.Name}[]" : field.Name)];

    /// <summary>All keys, each once; what is wrong with others is an error of the reader's.</summary>
    public static List<AccessKey> Read(SettingsReader reader, ListSetting setting)
    {
        var keys = new List<AccessKey>();
        var hasWrong = false;
        foreach (var text in reader.Get(setting))
        {
            if (AccessKey.Read(text) is not { } key)
            {
                hasWrong = true;
            }
            else if (keys.Find(k => k.Id == key.Id) is not { } same)
            {
                keys.Add(key);
            }
            else if (same.Name != key.Name)
            {
                reader.AddError($"Access:Keys (FORWARD_KEY) holds one key under two names, '{same.Name}' and '{key.Name}': whose usage would it be? "
                    + "Give each a key of their own.");
            }
        }

        if (hasWrong)
        {
            // Once: no line shows which key it is.
            reader.Wrong(setting);
        }

        var ids = keys.Select(k => k.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var item in reader.Items(setting))
        {
            if (ReadItem(item) is not { } key)
            {
                continue;
            }

            if (!ids.Add(key.Id))
            {
                reader.AddError($"{item.Path} is a key that is there already: whose rules would hold? Give each a key of their own.");
            }

            keys.Add(key);
        }

        return keys;
    }

    private static bool MayBeArray(AccessKeyField field)
        => field.IsList || field.Name is "Budgets" or "AlertAt" || field.Name.StartsWith("Limits:", StringComparison.Ordinal);

    // Null if it has no secret; any other error is told, and the key stands for the settings that can't be used anyway.
    private static AccessKey? ReadItem(SettingsItem item)
    {
        if (ReadSecret(item, out var key) is not { } secret)
        {
            return null;
        }

        var record = new AccessKeyRecord
        {
            Id = AccessKey.IdOf(secret),
            Secrets = [secret],
            Name = item.Text("Name"),
            Owner = item.Text("Owner"),
            Team = item.Text("Team"),
            Tags = item.Texts("Tags"),
            Enabled = ReadEnabled(item),
            Expires = ReadExpires(item),
            Models = item.Texts("Models"),
            Endpoints = item.Texts("Endpoints"),
            Networks = item.Texts("Networks"),
            Limits = new KeyLimits(item.Joined("Limits:Requests"), item.Joined("Limits:Tokens"), item.Joined("Limits:InputTokens"),
                item.Joined("Limits:OutputTokens"), item.Text("Limits:Concurrency")),
            Budgets = item.Joined("Budgets"),
            AlertAt = item.Joined("AlertAt"),
        };
        foreach (var (field, value) in AccessKeyFields.Wrong(record))
        {
            item.Wrong(field.Name, Shown(value), field.Allowed);
        }

        return new AccessKey(key, record);
    }

    private static KeySecret? ReadSecret(SettingsItem item, out string? key)
    {
        key = item.Text(AccessKeyFields.Key.Name) is { Length: > 0 } text ? text : null;
        var hash = item.Text(AccessKeyFields.Sha256.Name);
        if (key is null == (hash.Length == 0))
        {
            item.Wrong(AccessKeyFields.Key.Name, null, $"{AccessKeyFields.Key.Allowed}; or {AccessKeyFields.Sha256.Name} in its place, never both");
            return null;
        }

        if (key is not null && AccessKey.IsSecret(key) && key.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal))
        {
            return AccessKey.SecretOf(key);
        }

        if (key is null && AccessKeyFields.IsSha256(hash))
        {
            return new KeySecret(hash.ToLowerInvariant());
        }

        var wrong = key is null ? AccessKeyFields.Sha256 : AccessKeyFields.Key;
        item.Wrong(wrong.Name, null, wrong.Allowed);
        return null;
    }

    // Null for a key in the wrong place.
    private static string? Shown(string text) => AccessKeys.LooksLikeKey(text) ? null : text;

    private static bool ReadEnabled(SettingsItem item)
    {
        var text = item.Text(AccessKeyFields.Enabled.Name);
        if (text.Length == 0 || bool.TryParse(text, out var enabled) && enabled)
        {
            return true;
        }

        if (!bool.TryParse(text, out _))
        {
            item.Wrong(AccessKeyFields.Enabled.Name, Shown(text), AccessKeyFields.Enabled.Allowed);
        }

        return false;
    }

    private static DateTimeOffset? ReadExpires(SettingsItem item)
    {
        var text = item.Text(AccessKeyFields.Expires.Name);
        if (text.Length == 0)
        {
            return null;
        }

        if (!AccessKeyFields.TryParseTime(text, out var time))
        {
            item.Wrong(AccessKeyFields.Expires.Name, Shown(text), AccessKeyFields.Expires.Allowed);
        }

        return time;
    }
}

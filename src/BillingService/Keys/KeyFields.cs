using System.Collections.Frozen;
using System.Globalization;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>The fields of a key that can be set: those of <see cref="AccessKeyFields.All"/>, which are enforced, but the secrets.</summary>
internal static class KeyFields
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly string[] NoValues = [];

    private static readonly KeyField[] Known =
    [
        Text("Name", key => key.Name, (key, text) => key with { Name = text }),
        Text("Owner", key => key.Owner, (key, text) => key with { Owner = text }),
        Text("Team", key => key.Team, (key, text) => key with { Team = text }),
        List("Tags", key => key.Tags, (key, texts) => key with { Tags = texts }),
        Of(AccessKeyFields.Enabled.Name, KeyFieldKind.Switch, key => [key.Enabled ? "true" : "false"], SetEnabled),
        Of(AccessKeyFields.Expires.Name, KeyFieldKind.Time, key => key.Expires is { } time ? [Format(time)] : NoValues, SetExpires),
        List("Models", key => key.Models, (key, texts) => key with { Models = texts }),
        List("Endpoints", key => key.Endpoints, (key, texts) => key with { Endpoints = texts }),
        List("Networks", key => key.Networks, (key, texts) => key with { Networks = texts }),
        Notation("Limits:Requests", key => key.Limits.Requests, (key, text) => key with { Limits = key.Limits with { Requests = text } }),
        Notation("Limits:Tokens", key => key.Limits.Tokens, (key, text) => key with { Limits = key.Limits with { Tokens = text } }),
        Notation("Limits:InputTokens", key => key.Limits.InputTokens, (key, text) => key with { Limits = key.Limits with { InputTokens = text } }),
        Notation("Limits:OutputTokens", key => key.Limits.OutputTokens, (key, text) => key with { Limits = key.Limits with { OutputTokens = text } }),
        Notation("Limits:Concurrency", key => key.Limits.Concurrency, (key, text) => key with { Limits = key.Limits with { Concurrency = text } }),
        Notation("Budgets", key => key.Budgets, (key, text) => key with { Budgets = text }),
        Notation("AlertAt", key => key.AlertAt, (key, text) => key with { AlertAt = text }),
    ];

    /// <summary>All of them, in the order of their table.</summary>
    public static IReadOnlyList<KeyField> All { get; } =
    [
        .. AccessKeyFields.All.Where(about => about != AccessKeyFields.Key && about != AccessKeyFields.Sha256)
            .Select(about => Known.Single(field => field.About.Name == about.Name) with { About = about }),
    ];

    private static readonly FrozenDictionary<string, KeyField> ByName = All.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>The field with this name in the admin API; null if there is none.</summary>
    public static KeyField? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>A time as it is shown and can be set.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>The key with its fields set anew, and what is wrong with it then.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">The fields to set.</param>
    /// <param name="wrong">One text for each field that can't be used; the key must not be kept then.</param>
    public static AccessKeyRecord Apply(AccessKeyRecord key, IEnumerable<KeyValue> values, out IReadOnlyList<FieldError> wrong)
    {
        var errors = new List<FieldError>();
        foreach (var (field, texts) in values)
        {
            if (field.Set(key, texts) is { } next)
            {
                key = next;
            }
            else
            {
                errors.Add(FieldError.Of(field, texts[0]));
            }
        }

        foreach (var (about, value) in AccessKeyFields.Wrong(key))
        {
            errors.Add(FieldError.Of(All.Single(field => field.About == about), value));
        }

        if (key.Name.Length == 0)
        {
            errors.Add(FieldError.Of(Find("name")!, null));
        }

        wrong = errors;
        return key;
    }

    private static AccessKeyRecord? SetEnabled(AccessKeyRecord key, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return key with { Enabled = true };
        }

        return bool.TryParse(texts[0], out var enabled) ? key with { Enabled = enabled } : null;
    }

    private static AccessKeyRecord? SetExpires(AccessKeyRecord key, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return key with { Expires = null };
        }

        return AccessKeyFields.TryParseTime(texts[0], out var time) ? key with { Expires = time } : null;
    }

    private static KeyField Text(string name, Func<AccessKeyRecord, string> get, Func<AccessKeyRecord, string, AccessKeyRecord> set)
        => One(name, KeyFieldKind.Text, get, set);

    private static KeyField Notation(string name, Func<AccessKeyRecord, string> get, Func<AccessKeyRecord, string, AccessKeyRecord> set)
        => One(name, KeyFieldKind.Notation, get, set);

    private static KeyField One(string name, KeyFieldKind kind, Func<AccessKeyRecord, string> get, Func<AccessKeyRecord, string, AccessKeyRecord> set)
        => Of(name, kind, key => get(key) is { Length: > 0 } text ? [text] : NoValues, (key, texts) => set(key, string.Join(';', texts)));

    private static KeyField List(
        string name, Func<AccessKeyRecord, IReadOnlyList<string>> get, Func<AccessKeyRecord, IReadOnlyList<string>, AccessKeyRecord> set)
        => Of(name, KeyFieldKind.List, get, set);

    private static KeyField Of(
        string name, KeyFieldKind kind, Func<AccessKeyRecord, IReadOnlyList<string>> get,
        Func<AccessKeyRecord, IReadOnlyList<string>, AccessKeyRecord?> set)
        => new(new AccessKeyField(name, "", ""), kind, get, set);
}

using System.Globalization;
using System.Net;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>The fields of an access key, and what is wrong with those of a record.</summary>
public static class AccessKeyFields
{
    /// <summary>Characters of an owner, a team, a tag, a model or a path at most.</summary>
    public const int LongestText = 128;

    /// <summary>How many tags, models, paths or networks there may be.</summary>
    public const int MostTexts = 256;

    private static readonly AccessKeyField NameField = new("Name",
        "1 to 64 characters without spaces, commas, semicolons or colons", "Whose key it is, in reports and on pages.");
    private static readonly AccessKeyField OwnerField = new("Owner", "at most 128 characters", "Whose it is, for reports; who signs in with this e-mail (Oidc) sees its usage.");
    private static readonly AccessKeyField TeamField = new("Team", NameField.Allowed, "The team it belongs to, which may have limits (Limits:Teams).");
    private static readonly AccessKeyField TagsField = new("Tags",
        "at most 256 texts of 1 to 128 characters", "Words to find it by: notes for you.", IsList: true);
    private static readonly AccessKeyField ModelsField = new("Models",
        "at most 256 names of models, such as gpt-4o or gpt-4o*; * stands for any characters", "The models it may use; all if there are none.", IsList: true);
    private static readonly AccessKeyField EndpointsField = new("Endpoints",
        "at most 256 paths, such as /v1/chat/completions or /v1/files/*", "The paths it may call; all if there are none.", IsList: true);
    private static readonly AccessKeyField NetworksField = new("Networks",
        "at most 256 IP addresses and CIDR networks (10.0.0.0/8, 2001:db8::/32)", "Where its callers may come from; anywhere if there are none.", IsList: true);
    private static readonly AccessKeyField RequestsField = new("Limits:Requests", RateLimit.Notation, "How many calls it may make.");
    private static readonly AccessKeyField TokensField = new("Limits:Tokens", RateLimit.Notation, "How many tokens it may use, input and output together.");
    private static readonly AccessKeyField InputTokensField = new("Limits:InputTokens", RateLimit.Notation, "How many tokens it may send.");
    private static readonly AccessKeyField OutputTokensField = new("Limits:OutputTokens", RateLimit.Notation, "How many tokens it may be answered with.");
    private static readonly AccessKeyField ConcurrencyField = new("Limits:Concurrency",
        ConcurrencyLimit.Notation, "How many of its calls may be in progress at the same time.");
    private static readonly AccessKeyField BudgetsField = new("Budgets", Budget.Notation, "What it may spend, in US dollars.");

    private static readonly AccessKeyField AlertAtField = new("AlertAt",
        AlertLevels.Notation, "At which parts of a budget webhooks are told (Alerts:Webhooks); those of Budgets:AlertAt if there are none.");

    /// <summary>Whether the key may be used.</summary>
    public static AccessKeyField Enabled { get; } = new("Enabled", "true or false", "Whether it may be used.");

    /// <summary>When it ends.</summary>
    public static AccessKeyField Expires { get; } = new("Expires",
        "a date (2027-01-31, its beginning in UTC) or a time (2027-01-31T18:00:00Z)", "From when on it opens nothing any more.");

    /// <summary>The field of secrets in the settings: the key itself.</summary>
    public static AccessKeyField Key { get; } = new("Key",
        "visible ASCII characters that begin with fk-, at most 512", "The secret that callers show. This or Sha256.");

    /// <summary>The field of secrets in the settings: the key's hash.</summary>
    public static AccessKeyField Sha256 { get; } = new("Sha256", "64 hexadecimal digits", "The SHA-256 of the secret, in its place.");

    /// <summary>All of them, as a table has them.</summary>
    public static IReadOnlyList<AccessKeyField> All { get; } =
    [
        NameField, Key, Sha256, OwnerField, TeamField, TagsField, Enabled, Expires, ModelsField, EndpointsField, NetworksField,
        RequestsField, TokensField, InputTokensField, OutputTokensField, ConcurrencyField, BudgetsField, AlertAtField,
    ];

    /// <summary>The fields of <paramref name="key"/> that can't be used, with the part that is wrong.</summary>
    public static IEnumerable<(AccessKeyField Field, string Value)> Wrong(AccessKeyRecord key)
    {
        ArgumentNullException.ThrowIfNull(key);
        (AccessKeyField Field, string? Value)[] fields =
        [
            (NameField, key.Name.Length == 0 || IsName(key.Name) ? null : key.Name),
            (OwnerField, IsText(key.Owner) ? null : key.Owner),
            (TeamField, key.Team.Length == 0 || IsName(key.Team) ? null : key.Team),
            (TagsField, FirstWrong(key.Tags, tag => tag.Length > 0 && IsText(tag))),
            (ModelsField, FirstWrong(key.Models, model => model.Length > 0 && IsText(model))),
            (EndpointsField, FirstWrong(key.Endpoints, IsPath)),
            (NetworksField, FirstWrong(key.Networks, IsNetwork)),
            (RequestsField, IsRate(key.Limits.Requests) ? null : key.Limits.Requests),
            (TokensField, IsRate(key.Limits.Tokens) ? null : key.Limits.Tokens),
            (InputTokensField, IsRate(key.Limits.InputTokens) ? null : key.Limits.InputTokens),
            (OutputTokensField, IsRate(key.Limits.OutputTokens) ? null : key.Limits.OutputTokens),
            (ConcurrencyField, ConcurrencyLimit.TryParse(key.Limits.Concurrency, out _) ? null : key.Limits.Concurrency),
            (BudgetsField, Budget.TryParse(key.Budgets, out _) ? null : key.Budgets),
            (AlertAtField, AlertLevels.TryParse(key.AlertAt, out _) ? null : key.AlertAt),
        ];
        return fields.Where(field => field.Value is not null).Select(field => (field.Field, field.Value!));
    }

    /// <summary>Reads a date or a time. False if it is neither.</summary>
    public static bool TryParseTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>True for the SHA-256 of a key, in hexadecimal digits.</summary>
    public static bool IsSha256(string text) => text?.Length == 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>True for a <see cref="KeyLabel.IsName"/> that doesn't begin as a key does: a key in its place would be shown everywhere.</summary>
    public static bool IsName(string name)
        => KeyLabel.IsName(name) && !AccessKeys.BeginsAsKey(name);

    private static bool IsText(string text) => text.Length <= LongestText && !text.Any(char.IsControl) && text.Trim() == text;

    private static bool IsRate(string text) => RateLimit.TryParse(text, out _);

    // /v1/files/*: a star at the end stands for all below.
    private static bool IsPath(string path)
        => path is ['/', ..] && IsText(path) && !path.Contains(' ', StringComparison.Ordinal) && path.IndexOf('*', StringComparison.Ordinal) is var star
            && (star < 0 || (star == path.Length - 1 && path[star - 1] == '/'));

    private static bool IsNetwork(string text)
        => text.Split('/') is var parts && parts.Length <= 2 && parts[0].AsSpan().ContainsAny(".:") && IPAddress.TryParse(parts[0], out var address)
            && (parts.Length == 1 || (int.TryParse(parts[1], out var bits) && bits >= 0 && bits <= address.GetAddressBytes().Length * 8));

    // A null may come from JSON, where no type rules it out.
    private static string? FirstWrong(IReadOnlyList<string?> texts, Func<string, bool> isRight)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (i == MostTexts || texts[i] is not { } text || !isRight(text))
            {
                return texts[i] ?? "null";
            }
        }

        return null;
    }
}

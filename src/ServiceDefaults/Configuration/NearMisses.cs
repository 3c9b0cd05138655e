using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>
/// Finds names that nobody reads and that look like one that is read: <c>FORWARD_KEYS</c>, <c>OPENAI_APIKEY</c>, <c>ACCESS_KEYS</c>,
/// <c>ConnectionStrings__legder</c>, <c>service__billing__http__0</c>. What a variable of the environment is called is mostly not for us to
/// judge, so a name must be near, and nearer if it is short.
/// </summary>
internal static class NearMisses
{
    private const string Connections = "ConnectionStrings";
    private const string Services = "services";
    private const string Billing = "billing";
    private const int Near = 2;
    private const int ShortName = 8;

    private static readonly string[] ConnectionNames = ["ledger", "cache"];
    private static readonly string[] Schemes = ["http", "https"];

    // What other programs read: the SDKs' own names are near those that we have from them.
    private static readonly string[] Foreign =
    [
        "OPENAI_ADMIN_KEY", "OPENAI_API_BASE", "OPENAI_API_TYPE", "OPENAI_API_VERSION", "OPENAI_LOG", "OPENAI_ORG_ID", "OPENAI_ORGANIZATION",
        "OPENAI_PROJECT", "OPENAI_PROJECT_ID", "OPENAI_PROXY", "OPENAI_MODEL", "OPENAI_TIMEOUT",
        // OpenSSL's trusted roots, near ssl_certfile.
        "SSL_CERT_FILE",
    ];

    /// <summary>What is wrong with the names in <paramref name="configuration"/>.</summary>
    public static IEnumerable<string> Find(IConfiguration configuration, IReadOnlyDictionary<string, Setting> known)
    {
        var aliases = known.Values.SelectMany(s => s.Aliases).ToArray();
        var plainAliases = Array.ConvertAll(aliases, Plain);
        (string Name, string Plain)[] settings = [.. known.Keys.Select(name => (name, Plain(name))).Where(setting => setting.Item2.Length > ShortName)];
        foreach (var root in configuration.GetChildren())
        {
            if (!string.IsNullOrWhiteSpace(root.Value) && !Contains(aliases, root.Key) && !Contains(Foreign, root.Key)
                && Meant(root.Key, aliases, plainAliases, settings) is { } meant)
            {
                yield return $"{root.Key} is not a setting. Did you mean {meant}?";
            }
        }

        foreach (var error in FindConnections(configuration).Concat(FindServices(configuration)))
        {
            yield return error;
        }
    }

    private static string? Meant(string name, string[] aliases, string[] plainAliases, (string Name, string Plain)[] settings)
    {
        var plain = Plain(name);
        for (var i = 0; i < aliases.Length; i++)
        {
            if (IsNear(plain, plainAliases[i], plainAliases[i].Length < ShortName ? 1 : Near) || IsPart(name, aliases[i]))
            {
                return aliases[i];
            }
        }

        // ACCESS_KEYS: one underscore, where two stand for the colon.
        return Array.Find(settings, setting => IsNear(plain, setting.Plain, 1)).Name?.Replace(":", "__", StringComparison.Ordinal);
    }

    private static bool IsNear(string one, string other, int most) => EditDistance.Of(one, other, most) <= most;

    // OPENAI_KEY: a word of the name is missing, but not its first.
    private static bool IsPart(string name, string alias)
    {
        var (words, all) = (name.ToUpperInvariant().Split('_'), alias.Split('_'));
        return words.Length > 1 && words.Length == all.Length - 1 && words[0] == all[0] && words.All(all.Contains);
    }

    private static IEnumerable<string> FindConnections(IConfiguration configuration)
    {
        foreach (var section in configuration.GetChildren())
        {
            var isRight = Is(section.Key, Connections);
            if (!isRight && !IsNear(section.Key, Connections, Near))
            {
                continue;
            }

            foreach (var child in section.GetChildren().Where(c => !string.IsNullOrWhiteSpace(c.Value)))
            {
                var name = ConnectionNames.FirstOrDefault(n => IsNear(n, child.Key, Near));
                if (name is not null && !(isRight && Is(child.Key, name)))
                {
                    yield return $"{child.Path} is not a setting. Did you mean {Connections}:{name} ({Connections}__{name})?";
                }
            }
        }
    }

    private static IEnumerable<string> FindServices(IConfiguration configuration)
    {
        const string meant = $"Did you mean {Services}:{Billing}:http:0 ({Services}__{Billing}__http__0)?";
        foreach (var section in configuration.GetChildren().Where(c => IsNear(c.Key, Services, Near)))
        {
            foreach (var service in section.GetChildren().Where(c => IsNear(c.Key, Billing, Near)))
            {
                foreach (var (path, value) in service.AsEnumerable())
                {
                    var isRight = Schemes.Any(scheme => Is(path, $"{Services}:{Billing}:{scheme}:0")
                        || path.StartsWith($"{Services}:{Billing}:{scheme}:", StringComparison.OrdinalIgnoreCase)
                        && service[$"{scheme}:0"] is not null);
                    if (!string.IsNullOrWhiteSpace(value) && !isRight)
                    {
                        yield return $"{path} is not a setting. {meant}";
                    }
                }
            }
        }
    }

    private static string Plain(string name)
        => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);

    private static bool Contains(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}

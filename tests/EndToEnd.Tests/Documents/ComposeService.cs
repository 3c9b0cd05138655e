using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Running;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>A service of compose.yaml, as far as the tests look at it.</summary>
internal sealed partial record ComposeService(string Name, IReadOnlyDictionary<string, object> Keys)
{
    private static readonly Dictionary<string, string> Nothing = [];

    public string Image => Filled(Keys["image"], Nothing);

    /// <summary>The user's name or number, without the group.</summary>
    public string User => Keys.TryGetValue("user", out var user) ? Filled(user, Nothing).Split(':')[0] : "root";

    /// <summary>The ports as written: <c>8000:8000</c>.</summary>
    public IReadOnlyList<string> Ports => List(Keys, "ports");

    public IReadOnlyList<string> Volumes => List(Keys, "volumes");

    /// <summary>The names of its variables.</summary>
    public IReadOnlyCollection<string> Variables => [.. Environment(Nothing).Keys];

    /// <summary>The profiles without which it isn't started; empty if it always is.</summary>
    public IReadOnlyList<string> Profiles => List(Keys, "profiles");

    /// <summary>Whether it can write to its own volumes and <c>tmpfs</c> only.</summary>
    public bool IsReadOnly => Keys.TryGetValue("read_only", out var value) && (string)value == "true";

    /// <summary>Files with more variables: the path, and whether it has to exist.</summary>
    public IReadOnlyDictionary<string, bool> EnvironmentFiles => !Keys.TryGetValue("env_file", out var files) ? new Dictionary<string, bool>()
        : ((List<object>)files).Select(Map).ToDictionary(f => (string)f["path"], f => (string)f.GetValueOrDefault("required", "true") != "false");

    /// <summary>The command that asks for its health; empty if there is none.</summary>
    public IReadOnlyList<string> HealthCheck => Keys.TryGetValue("healthcheck", out var check) ? List(Map(check), "test") : [];

    /// <summary>What must be there first, and in which condition.</summary>
    public IReadOnlyDictionary<string, string> DependsOn => !Keys.TryGetValue("depends_on", out var dependencies) ? Nothing
        : dependencies is List<object> names ? names.ToDictionary(n => (string)n, _ => "service_started")
        : Map(dependencies).ToDictionary(d => d.Key, d => (string)Map(d.Value)["condition"]);

    /// <summary>The services and the names of the volumes of the file.</summary>
    public static (IReadOnlyDictionary<string, ComposeService> Services, IReadOnlyList<string> Volumes) Read(string file = "compose.yaml")
    {
        using var reader = new StreamReader(Tree.PathTo(file));
        var parser = new MergingParser(new Parser(reader));
        parser.Consume<StreamStart>();
        var all = Map(new DeserializerBuilder().Build().Deserialize(parser)!);
        var services = Map(all["services"]).ToDictionary(s => s.Key, s => new ComposeService(s.Key, Map(s.Value)));
        return (services, all.TryGetValue("volumes", out var volumes) ? [.. Map(volumes).Keys] : []);
    }

    /// <summary>The variables it gets if those in <paramref name="shell"/> are set where <c>docker compose up</c> is typed.</summary>
    public IReadOnlyDictionary<string, string> Environment(IReadOnlyDictionary<string, string> shell)
        => !Keys.TryGetValue("environment", out var environment) ? Nothing
            : environment is List<object> list ? list.Select(e => Filled(e, shell).Split('=', 2)).ToDictionary(e => e[0], e => e.Length > 1 ? e[1] : "")
            : Map(environment).ToDictionary(e => e.Key, e => Filled(e.Value, shell));

    /// <summary>The variables of the operator's shell that are asked for: <c>${OPENAI_API_KEY:-}</c>.</summary>
    public IEnumerable<string> AskedFor()
        => Keys.Values.SelectMany(Texts).SelectMany(text => Variable().Matches(text)).Select(m => m.Groups["name"].Value).Distinct();

    private static IEnumerable<string> Texts(object? value) => value switch
    {
        Dictionary<object, object> mapping => mapping.Values.SelectMany(Texts),
        List<object> list => list.SelectMany(Texts),
        string text => [text],
        _ => [],
    };

    private static string Filled(object? value, IReadOnlyDictionary<string, string> shell) => Variable().Replace(
        Texts(value).FirstOrDefault() ?? "", m => shell.GetValueOrDefault(m.Groups["name"].Value, m.Groups["default"].Value));

    private static Dictionary<string, object> Map(object value) => ((Dictionary<object, object>)value).ToDictionary(e => (string)e.Key, e => e.Value);

    private static IReadOnlyList<string> List(IReadOnlyDictionary<string, object> keys, string key)
        => keys.TryGetValue(key, out var list) ? [.. ((List<object>)list).Select(item => Filled(item, Nothing))] : [];

    [GeneratedRegex(@"\$\{(?<name>\w+)(:?-(?<default>[^}]*)|:?\?[^}]*)?\}")]
    private static partial Regex Variable();
}

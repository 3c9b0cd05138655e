using System.Text.Json.Nodes;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>deploy/aca/main.bicep and small.bicep, each compiled once, with the values of one deployment.</summary>
internal static class AcaDeployment
{
    /// <summary>The folder of the deployment.</summary>
    public static string Folder { get; } = Tree.PathTo("deploy", "aca");

    /// <summary>The file that is deployed.</summary>
    public static string Main { get; } = Path.Combine(Folder, "main.bicep");

    /// <summary>The file that is deployed for the small case.</summary>
    public static string Small { get; } = Path.Combine(Folder, "small.bicep");

    /// <summary>The file of the parameters of <see cref="Main"/>.</summary>
    public static string Parameters { get; } = Path.Combine(Folder, "main.bicepparam");

    private static Dictionary<string, Lazy<Task<JsonObject>>> Compiled { get; } =
        new[] { Main, Small }.ToDictionary(file => file, file => new Lazy<Task<JsonObject>>(() => BicepCompiler.BuildAsync(file)));

    /// <summary>All files of the deployment.</summary>
    public static IEnumerable<string> Files
        => Directory.GetFiles(Folder, "*.bicep*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".json", StringComparison.Ordinal));

    /// <summary>A value for every parameter that has no default. The password has characters that mean something in a connection string.</summary>
    public static IReadOnlyDictionary<string, string> Values { get; } = new Dictionary<string, string>
    {
        ["registryName"] = "someregistry",
        ["imageTag"] = "1.2.3",
        ["openAIKey"] = "sk-of-the-operator",
        ["accessKeys"] = "fk-first,fk-second",
        ["internalToken"] = "internal-0123456789",
        ["adminToken"] = "admin-0123456789",
        ["cacheSecret"] = "cache-0123456789",
        ["postgresPassword"] = "it's;Host=elsewhere\"",
    };

    /// <summary>What a file is compiled to.</summary>
    public static Task<JsonObject> TemplateAsync(string file) => Compiled[file].Value;

    /// <summary>The small deployment with <see cref="Values"/>, as far as it has such parameters, and with an image.</summary>
    public static async Task<ArmTemplate> ReadSmallAsync()
    {
        var template = await TemplateAsync(Small);
        var declared = template["parameters"]!.AsObject();
        var arguments = Values.Where(v => declared.ContainsKey(v.Key)).ToDictionary(v => v.Key, v => (JsonNode?)JsonValue.Create(v.Value));
        arguments["image"] = "registry.example.com/openaiproxy:1.2.3";
        return new ArmTemplate(template, arguments);
    }

    /// <summary>The deployment with <see cref="Values"/>, and with others in addition or instead.</summary>
    public static async Task<ArmTemplate> ReadAsync(params (string Name, JsonNode Value)[] others)
    {
        var arguments = Values.ToDictionary(v => v.Key, v => (JsonNode?)JsonValue.Create(v.Value));
        foreach (var (name, value) in others)
        {
            arguments[name] = value;
        }

        return new ArmTemplate(await TemplateAsync(Main), arguments);
    }

    /// <summary>The container app of a service: <c>gateway</c> or <c>billing</c>.</summary>
    public static async Task<ContainerApp> AppAsync(string service, params (string Name, JsonNode Value)[] others)
        => new((await ReadAsync(others)).Find("Microsoft.App/containerApps").Single(
            a => a["name"]!.GetValue<string>().EndsWith("-" + service, StringComparison.Ordinal)));
}

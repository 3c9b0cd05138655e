using System.Text.Json.Nodes;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>A container app of the compiled deployment, as far as the tests look at it. It has one container.</summary>
internal sealed record ContainerApp(JsonObject Resource)
{
    public JsonNode Ingress => Configuration["ingress"]!;

    public JsonNode Container => Assert.Single(Template["containers"]!.AsArray())!;

    public JsonNode Scale => Template["scale"]!;

    /// <summary>How long a replica may take to end, in seconds.</summary>
    public int GracePeriod => Template["terminationGracePeriodSeconds"]!.GetValue<int>();

    /// <summary>The repository of its image, without registry and tag.</summary>
    public string Repository => Container["image"]!.GetValue<string>().Split('/')[^1].Split(':')[0];

    public IEnumerable<JsonNode> Probes => Container["probes"]!.AsArray().Select(p => p!);

    /// <summary>The names of the variables whose value stands in the app's description, for everybody who may read that.</summary>
    public IEnumerable<string> PlainVariables => Variables.Where(v => v["secretRef"] is null).Select(v => v["name"]!.GetValue<string>());

    /// <summary>The variables as its process sees them.</summary>
    public IReadOnlyDictionary<string, string> Environment
        => Variables.ToDictionary(
            v => v["name"]!.GetValue<string>(),
            v => v["secretRef"] is { } secret ? Secrets[secret.GetValue<string>()] : v["value"]!.GetValue<string>());

    public IReadOnlyDictionary<string, string> Secrets
        => Configuration["secrets"]!.AsArray().ToDictionary(s => s!["name"]!.GetValue<string>(), s => s!["value"]!.GetValue<string>());

    /// <summary>The volumes by the path where the container finds them.</summary>
    public IReadOnlyDictionary<string, JsonNode> Mounts
        => (Container["volumeMounts"]?.AsArray() ?? []).ToDictionary(
            m => m!["mountPath"]!.GetValue<string>(),
            m => Template["volumes"]!.AsArray().Single(v => v!["name"]!.GetValue<string>() == m!["volumeName"]!.GetValue<string>())!);

    public JsonNode Configuration => Resource["properties"]!["configuration"]!;

    private JsonNode Template => Resource["properties"]!["template"]!;

    private IEnumerable<JsonNode> Variables => Container["env"]!.AsArray().Select(v => v!);
}

using System.Text.Json;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>A published manifest.</summary>
/// <param name="File">Where it was written.</param>
/// <param name="Text">As it was written.</param>
internal sealed record Manifest(string File, string Text)
{
    /// <summary>The resources by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Resources { get; }
        = JsonElement.Parse(Text).GetProperty("resources").EnumerateObject().ToDictionary(r => r.Name, r => r.Value);

    /// <summary>The names of the resources of a type, such as <c>project</c>, in order. The version of the type is left out.</summary>
    public IEnumerable<string> NamesOf(string type)
        => Resources.Where(r => r.Value.GetProperty("type").GetString()!.Split('.')[0] == type).Select(r => r.Key).Order(StringComparer.Ordinal);

    /// <summary>What whoever deploys is asked for as the value of a parameter.</summary>
    public JsonElement InputOf(string parameter) => Resources[parameter].GetProperty("inputs").GetProperty("value");

    /// <summary>The variables of a service.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string service)
        => Resources[service].GetProperty("env").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!);

    /// <summary>The resources that can be reached from outside of the deployment.</summary>
    public IEnumerable<string> External()
        => from resource in Resources
           where resource.Value.TryGetProperty("bindings", out var bindings)
               && bindings.EnumerateObject().Any(b => b.Value.TryGetProperty("external", out var external) && external.GetBoolean())
           select resource.Key;
}

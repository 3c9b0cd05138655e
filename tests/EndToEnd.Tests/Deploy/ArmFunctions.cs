using System.Globalization;
using System.Text.Json.Nodes;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>The functions of templates that the files in deploy/aca need. What is none of them has a value that only Azure knows.</summary>
internal static class ArmFunctions
{
    public static JsonNode? Call(ArmTemplate template, string name, IReadOnlyList<JsonNode?> arguments) => name switch
    {
        "parameters" => template.Parameter(Text(arguments[0])),
        "variables" => template.Variable(Text(arguments[0])),
        "reference" => template.Reference(Text(arguments[0])),
        "listOutputsWithSecureValues" => new JsonObject(template.OutputsOf(Text(arguments[0]))),
        "format" => JsonValue.Create(string.Format(CultureInfo.InvariantCulture, Text(arguments[0]), [.. arguments.Skip(1).Select(Text)])),
        "string" => JsonValue.Create(Text(arguments[0])),
        "replace" => JsonValue.Create(Text(arguments[0]).Replace(Text(arguments[1]), Text(arguments[2]), StringComparison.Ordinal)),
        "json" => JsonNode.Parse(Text(arguments[0])),
        "empty" => JsonValue.Create(Text(arguments[0]).Length == 0),
        "sub" => JsonValue.Create(arguments[0]!.GetValue<int>() - arguments[1]!.GetValue<int>()),
        // Both were evaluated, which harms nothing: no function here fails or does anything.
        "if" => (arguments[0]!.GetValue<bool>() ? arguments[1] : arguments[2])?.DeepClone(),
        "createArray" => new JsonArray([.. arguments.Select(a => a?.DeepClone())]),
        "createObject" => new JsonObject(arguments.Chunk(2).Select(p => KeyValuePair.Create(Text(p[0]), p[1]?.DeepClone()))),
        _ when name.Contains('.', StringComparison.Ordinal) => template.Call(name, arguments),
        "resourceGroup" or "deployment" or "listKeys" => new JsonObject(),
        _ => Unknown(name, string.Join('-', arguments.Select(Text))),
    };

    /// <summary>Stands for what Azure would fill in. It can be a host, and can't be mistaken for anything else's.</summary>
    public static JsonValue Unknown(string name, string of)
    {
        var label = new string([.. $"{name}.{of}".Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? char.ToLowerInvariant(c) : '-')]);
        return JsonValue.Create($"{label}.azure.invalid");
    }

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}

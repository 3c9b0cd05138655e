using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>
/// Access keys as JSON between billing service and gateways, and where they are kept. What a key doesn't have is left out, and a member that is
/// not known is an error: a release that doesn't know a rule must not take a key without it.
/// </summary>
public static class AccessKeyJson
{
    /// <summary>How they are written.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>The key as JSON.</summary>
    public static string Write(AccessKeyRecord key) => JsonSerializer.Serialize(key, Options);

    /// <summary>Reads a key.</summary>
    /// <exception cref="JsonException">It is none, or has a rule that this release doesn't know.</exception>
    public static AccessKeyRecord Read(string json) => JsonSerializer.Deserialize<AccessKeyRecord>(json, Options) ?? throw new JsonException();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            // By reflection: generated code would set what a text leaves out to null, not to its default (dotnet/runtime#58770).
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutEmpty } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOutEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.ShouldSerialize = (_, value) => value switch
            {
                null or "" => false,
                IReadOnlyCollection<object> list => list.Count > 0 || property.Name == "secrets",
                KeyLimits limits => limits != KeyLimits.None,
                _ => true,
            };
        }
    }
}

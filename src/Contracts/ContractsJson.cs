using System.Text.Json.Serialization;

namespace OpenAIProxy.Contracts;

/// <summary>How the contracts are written as JSON: camelCase names, zeros and nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(UsageBatch))]
public sealed partial class ContractsJson : JsonSerializerContext;

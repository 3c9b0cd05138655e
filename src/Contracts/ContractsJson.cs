using System.Text.Json.Serialization;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.Contracts;

/// <summary>How the contracts are written as JSON: camelCase names, zeros and nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(UsageBatch))]
[JsonSerializable(typeof(SpentReport))]
[JsonSerializable(typeof(BudgetAlert))]
[JsonSerializable(typeof(KeyRoster))]
[JsonSerializable(typeof(IReadOnlyList<BudgetStatus>))]
public sealed partial class ContractsJson : JsonSerializerContext;

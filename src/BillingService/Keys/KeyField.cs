using System.Text.Json;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>A field of a key that can be set, with the way to its value in a record. Values are texts; a field without any has its default.</summary>
/// <param name="About">Its name in settings, and what may stand there.</param>
/// <param name="Kind">What JSON and forms have for it.</param>
/// <param name="Get">Its values.</param>
/// <param name="Set">The record with other values; null if one can't be read.</param>
internal sealed record KeyField(
    AccessKeyField About, KeyFieldKind Kind, Func<AccessKeyRecord, IReadOnlyList<string>> Get,
    Func<AccessKeyRecord, IReadOnlyList<string>, AccessKeyRecord?> Set)
{
    /// <summary>Its name in the admin API and as a flag's stem: <c>limits.input_tokens</c>.</summary>
    public string Name { get; } = string.Join('.', About.Name.Split(':').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}

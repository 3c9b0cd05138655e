using System.Net;
using System.Text.Json;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>An answer of the billing service, read to its end.</summary>
public sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Cache => Headers.GetValueOrDefault("x-openaiproxy-cache");

    public string? Age => Headers.GetValueOrDefault("Age");

    public ErrorObject Error => ErrorObject.Parse(Text);

    /// <summary>A number as it is written in the body.</summary>
    public string Number(string name) => Json.GetProperty(name).GetRawText();
}

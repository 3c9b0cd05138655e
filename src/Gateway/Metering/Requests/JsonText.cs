using System.Text.Json.Serialization;

namespace OpenAIProxy.Gateway.Metering.Requests;

/// <summary>Reads one JSON string.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class JsonText : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace OpenAIProxy.Usage.Requests;

/// <summary>Reads one JSON string.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class JsonText : JsonSerializerContext;

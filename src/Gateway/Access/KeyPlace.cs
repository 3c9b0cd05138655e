namespace OpenAIProxy.Gateway.Access;

/// <summary>Where a request's key stands, or goes.</summary>
internal enum KeyPlace
{
    /// <summary><c>Authorization: Bearer KEY</c>.</summary>
    Authorization,

    /// <summary><c>api-key: KEY</c>, as Azure's clients send it.</summary>
    ApiKeyHeader,

    /// <summary><c>x-api-key: KEY</c>, as Anthropic's clients and many gateways' send it.</summary>
    XApiKeyHeader,

    /// <summary><c>?api-key=KEY</c>, as browsers send it to Azure.</summary>
    Query,

    /// <summary>A WebSocket's subprotocol <c>openai-insecure-api-key.KEY</c>.</summary>
    Subprotocol,
}

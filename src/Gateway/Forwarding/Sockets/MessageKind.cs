namespace OpenAIProxy.Gateway.Forwarding.Sockets;

/// <summary>What a message of a WebSocket says that it holds.</summary>
internal enum MessageKind
{
    /// <summary>Text in UTF-8.</summary>
    Text,

    /// <summary>Any bytes.</summary>
    Binary,

    /// <summary>It is compressed, or its frames are in an order that the protocol doesn't have.</summary>
    Unreadable,
}

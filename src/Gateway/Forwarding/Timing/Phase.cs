namespace OpenAIProxy.Gateway.Forwarding.Timing;

/// <summary>How far a request is. It only moves on, never back.</summary>
internal enum Phase
{
    /// <summary>The client is still sending; silence is limited by <c>Forwarding:IdleTimeout</c>.</summary>
    Uploading,

    /// <summary>The upstream has it all and thinks, for at most <c>Forwarding:FirstByteTimeout</c>.</summary>
    Waiting,

    /// <summary>The upstream has begun to answer; silence is limited by <c>Forwarding:IdleTimeout</c>.</summary>
    Streaming,
}

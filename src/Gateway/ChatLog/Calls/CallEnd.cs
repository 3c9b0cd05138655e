namespace OpenAIProxy.Gateway.ChatLog.Calls;

/// <summary>How a call ended.</summary>
internal enum CallEnd
{
    /// <summary>It goes on.</summary>
    Open,

    /// <summary>The caller got the whole answer.</summary>
    Complete,

    /// <summary>The caller left before that, sent only a part of the request, or the gateway was stopped.</summary>
    ClientLeft,

    /// <summary>The upstream gave no answer, or only a part.</summary>
    UpstreamBroke,

    /// <summary>The gateway failed.</summary>
    GatewayFailed,
}

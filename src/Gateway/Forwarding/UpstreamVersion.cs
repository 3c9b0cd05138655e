namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>The HTTP version spoken with the upstream. WebSockets always start with HTTP/1.1.</summary>
public enum UpstreamVersion
{
    /// <summary>HTTP/2 where the upstream offers it during the TLS handshake, else HTTP/1.1.</summary>
    Auto,

    /// <summary>HTTP/1.1 only.</summary>
    Http11,

    /// <summary>HTTP/2 only; over cleartext with prior knowledge.</summary>
    Http2,
}

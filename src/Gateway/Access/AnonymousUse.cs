namespace OpenAIProxy.Gateway.Access;

/// <summary>What callers without any key may do with the operator's key.</summary>
public enum AnonymousUse
{
    /// <summary>Nothing.</summary>
    Refused,

    /// <summary>
    /// Use it, if they call this machine by its address or as localhost. The gateway listens on loopback only, but a browser brings the
    /// pages of any site there whose name its owner lets point to 127.0.0.1 (DNS rebinding), and a reverse proxy brings anybody.
    /// </summary>
    FromThisMachine,

    /// <summary>Use it: the operator said so.</summary>
    Allowed,
}

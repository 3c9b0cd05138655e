namespace OpenAIProxy.Gateway.Metering.Draining;

/// <summary>What happens to the upstream's answer when the client leaves in its middle.</summary>
public enum ClientAbort
{
    /// <summary>It is cancelled at once; what it used is estimated from what passed.</summary>
    Cancel,

    /// <summary>It is read on, at most 60 seconds and 1 MB, for its exact usage.</summary>
    Drain,
}

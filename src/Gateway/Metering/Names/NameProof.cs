namespace OpenAIProxy.Gateway.Metering.Names;

/// <summary>What a call says of the names in it.</summary>
internal enum NameProof
{
    /// <summary>Nothing: upstream refused it, or was never asked.</summary>
    None,

    /// <summary>Little: the client left before there was an answer. That happens to good names, too, as soon as a gateway starts.</summary>
    Unanswered,

    /// <summary>That upstream works with them.</summary>
    Answered,
}

namespace OpenAIProxy.Gateway.Metering.Names;

/// <summary>What became of the call that names came from: whether they were seen in a successful answer.</summary>
internal enum NameProof
{
    /// <summary>No: upstream refused the call, or was never asked.</summary>
    None,

    /// <summary>Not known: the client left before there was an answer. That happens to good names, too, as soon as a gateway starts.</summary>
    Unanswered,

    /// <summary>Yes: upstream knows them.</summary>
    Answered,
}

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>How a call went, as far as its client can tell.</summary>
internal enum Outcome
{
    /// <summary>There was nobody to send it to.</summary>
    NotSent,

    /// <summary>It may have arrived; the answer did not, or not whole.</summary>
    Broken,

    /// <summary>The whole answer is here.</summary>
    Whole,
}

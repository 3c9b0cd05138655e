namespace OpenAIProxy.Pricing;

/// <summary>What a look at the price file has found.</summary>
public enum PriceReload
{
    /// <summary>Nothing new, or nothing that hasn't been said.</summary>
    None,

    /// <summary>The file has been read, and its prices are in force.</summary>
    Loaded,

    /// <summary>The file can't be read or used; the prices before stay in force. Said once until it changes.</summary>
    Refused,
}

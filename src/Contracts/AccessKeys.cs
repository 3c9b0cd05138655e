namespace OpenAIProxy.Contracts;

/// <summary>The access keys that a gateway's operator gives away.</summary>
public static class AccessKeys
{
    /// <summary>What every access key that this product makes begins with. Such a key is never sent upstream, even if it is unknown.</summary>
    public const string Prefix = "fk-";
}

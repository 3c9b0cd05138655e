namespace OpenAIProxy.Contracts;

/// <summary>
/// The operator's own prices, as the billing service has them: <c>GET /internal/prices</c> with <see cref="InternalHeaders.Token"/> answers with the
/// file's bytes and an ETag, 304 if that is known already, or 204 if there is no such file.
/// </summary>
public static class PriceFilePath
{
    /// <summary>Where they are asked for.</summary>
    public const string Path = "/internal/prices";
}

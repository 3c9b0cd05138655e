namespace OpenAIProxy.Contracts.Keys;

/// <summary>
/// What keys have spent since a day, by the ledger and its prices: <c>GET /internal/spent?from=2026-11-01&amp;tz=Asia/Shanghai</c>, with
/// <see cref="InternalHeaders.Token"/>. Without <c>from</c> since the ledger began.
/// </summary>
/// <param name="MicroDollars">
/// Micro-dollars (USD, rounded up) by a <see cref="KeyId"/>'s text or <see cref="UsageDimensions.Anonymous"/>. Usage without a price is not in it.
/// </param>
public sealed record SpentReport(IReadOnlyDictionary<string, long> MicroDollars)
{
    /// <summary>Where it is asked for.</summary>
    public const string Path = "/internal/spent";

    /// <summary>The parameter with the first day; in the time zone of <see cref="Zone"/>.</summary>
    public const string From = "from";

    /// <summary>The parameter with the IANA name of a time zone.</summary>
    public const string Zone = "tz";
}

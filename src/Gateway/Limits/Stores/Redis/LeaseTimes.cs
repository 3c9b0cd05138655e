namespace OpenAIProxy.Gateway.Limits.Stores.Redis;

/// <summary>How long what a gateway holds in Redis outlives it.</summary>
/// <param name="Lasts">A lease ends this long after it was renewed last, and so does a gateway that has crashed.</param>
/// <param name="RenewedEvery">How often all leases of a gateway are renewed together.</param>
internal sealed record LeaseTimes(TimeSpan Lasts, TimeSpan RenewedEvery)
{
    /// <summary>Two renewals may fail before anything ends too early.</summary>
    public static LeaseTimes Default { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(9));
}

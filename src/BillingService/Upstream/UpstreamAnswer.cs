namespace OpenAIProxy.BillingService.Upstream;

/// <summary>What upstream said: status and body as they came.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">The body's type; null if upstream named none.</param>
/// <param name="Body">The body, decompressed.</param>
/// <param name="Received">When it came.</param>
internal sealed record UpstreamAnswer(int Status, string? ContentType, ReadOnlyMemory<byte> Body, DateTimeOffset Received)
{
    /// <summary>Headers of a failure that its receiver needs, such as <c>Retry-After</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}

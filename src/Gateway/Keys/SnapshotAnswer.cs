namespace OpenAIProxy.Gateway.Keys;

/// <summary>What the billing service answered about the keys.</summary>
/// <param name="Snapshot">All of them, if they are of another version than was known.</param>
/// <param name="Failure">Why there is no answer, in a few words without secrets; null if there is one.</param>
internal readonly record struct SnapshotAnswer(byte[]? Snapshot, string? Failure)
{
    public static SnapshotAnswer Failed(string reason) => new(null, reason);
}

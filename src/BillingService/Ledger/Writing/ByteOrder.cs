namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>Sorts keys of bytes, so that all who write take their rows in one order.</summary>
internal sealed class ByteOrder : IComparer<byte[]>
{
    public static ByteOrder Instance { get; } = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>A request body that tells a <see cref="PhaseTimer"/> of each byte: the wait for an answer starts with the last one.</summary>
internal sealed class UploadStream(Stream inner, long? length, PhaseTimer timer) : ReadOnlyStream
{
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        timer.Progress();
        var count = await inner.ReadAsync(buffer, cancellationToken);
        _read += count;
        timer.Enter((count == 0 && !buffer.IsEmpty) || _read == length ? Phase.Waiting : Phase.Uploading);
        return count;
    }
}

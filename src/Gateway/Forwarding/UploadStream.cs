using System.Runtime.CompilerServices;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>A request body that tells a <see cref="PhaseTimer"/> of each byte: the wait for an answer starts with the last one.</summary>
internal sealed class UploadStream(Stream inner, long? length, PhaseTimer timer) : ReadOnlyStream
{
    private long _read;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        timer.Progress();
        var read = inner.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new(See(read.Result, buffer.IsEmpty)) : AwaitAsync(read, buffer.IsEmpty);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(ValueTask<int> read, bool isLook)
    {
        var count = await read;
        return See(count, isLook);
    }

    private int See(int count, bool isLook)
    {
        _read += count;
        timer.Enter((count == 0 && !isLook) || _read == length ? Phase.Waiting : Phase.Uploading);
        return count;
    }
}

namespace OpenAIProxy.Gateway.Forwarding.Timing;

/// <summary>
/// Writes a comment line between the events of a stream that is idle: proxies and load balancers cut a connection that is silent for a
/// minute or so, and a model may think for longer. Clients skip comments (HTML standard, section 9.2.6). It writes only while the stream
/// waits for the upstream, and the stream goes on only when it has written.
/// </summary>
internal sealed class KeepAlive(HttpResponse response)
{
    private const int Forbidden = 0;
    private const int Allowed = 1;
    private const int Writing = 2;

    private const uint LF = '\n';
    private const uint CR = '\r';

    private static readonly ReadOnlyMemory<byte> Comment = ": keepalive\n\n"u8.ToArray();

    private TaskCompletionSource? _write;
    private int _state;

    // The last bytes of the stream, the newest lowest. Before the first event it is as behind one.
    private uint _end = (LF << 8) | LF;

    /// <summary>True behind an empty line, which ends an event. Lines end with LF, CR or CR LF.</summary>
    private bool IsBetweenEvents => (_end & 0xFF, (_end >> 8) & 0xFF, (_end >> 16) & 0xFF) switch
    {
        (LF, LF, _) or (CR, CR, _) or (LF, CR, LF) or (LF, CR, CR) => true,
        _ => false,
    };

    /// <summary>The next bytes go to the client.</summary>
    public void Passed(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes.Length > 3 ? bytes[^3..] : bytes)
        {
            _end = (_end << 8) | b;
        }
    }

    /// <summary>The stream waits for the upstream. Nothing else is written to the response until <see cref="ForbidAsync"/>.</summary>
    public void Allow()
    {
        if (IsBetweenEvents)
        {
            Interlocked.CompareExchange(ref _state, Allowed, Forbidden);
        }
    }

    /// <summary>The stream goes on, as soon as this is done. Whoever asks waits for what is being written, however often it is asked.</summary>
    /// <param name="cancellationToken">Ends the wait, not what is being written: a client that reads nothing holds that up.</param>
    public ValueTask ForbidAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Exchange(ref _state, Forbidden);
        return _write is { Task.IsCompleted: false } write ? new(write.Task.WaitAsync(cancellationToken)) : default;
    }

    /// <summary>Writes the comment, if the stream waits. Called by one thread at a time.</summary>
    public void Write()
    {
        if (Volatile.Read(ref _state) != Allowed)
        {
            return;
        }

        var write = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _write = write;
        if (Interlocked.CompareExchange(ref _state, Writing, Allowed) == Allowed)
        {
            _ = WriteAsync(write);
        }
        else
        {
            write.SetResult();
        }
    }

    private async Task WriteAsync(TaskCompletionSource done)
    {
        try
        {
            await response.Body.WriteAsync(Comment);
            await response.Body.FlushAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone, which the stream notices by itself.
        }
        finally
        {
            Interlocked.CompareExchange(ref _state, Allowed, Writing);
            done.SetResult();
        }
    }
}

using OpenAIProxy.Gateway.Forwarding.Streams;

namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>
/// Where the forwarder copies a request's body to: one stream for it, though the request may move from one connection to the next meanwhile.
/// </summary>
/// <param name="body">Has what was copied before a move.</param>
/// <param name="first">The first connection's stream.</param>
/// <param name="canMove">True for HTTP/2. Over HTTP/1.1 a request whose body has begun is never sent again.</param>
internal sealed class OutgoingStream(RequestBody body, Stream first, bool canMove) : AsyncStream
{
    private readonly Lock _gate = new();
    private volatile Stream _target = first;
    private volatile bool _discards;
    private volatile bool _isClosed;
    private TaskCompletionSource? _changed;
    private Stream _written = first;
    private long _sent;
    private bool _isHeadLeft;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    /// <summary>The request is sent again: what follows goes there, behind what was sent before.</summary>
    public void MoveTo(Stream target)
    {
        lock (_gate)
        {
            _target = target;
            _changed?.TrySetResult();
        }
    }

    /// <summary>What is still copied is not sent: the request is sent again with another body.</summary>
    public void Discard()
    {
        lock (_gate)
        {
            _discards = true;
            _changed?.TrySetResult();
        }
    }

    /// <summary>There will be no move any more.</summary>
    public void Settle()
    {
        _isClosed = true;
        if (canMove)
        {
            lock (_gate)
            {
                _changed?.TrySetResult();
            }
        }
    }

    /// <summary>Everything was copied: sends what <paramref name="target"/> has not had of it, unless the request moved on from there.</summary>
    public ValueTask FinishAsync(Stream target, CancellationToken cancellationToken)
        => _target == target ? CatchUpAsync(target, cancellationToken) : throw new OperationCanceledException("The request is sent elsewhere.");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => canMove ? MovableWriteAsync(buffer, cancellationToken) : _target.WriteAsync(buffer, cancellationToken);

    // The forwarder flushes the head before it reads anything, in case the body takes its time:
    // https://github.com/dotnet/yarp/blob/v2.3.0/src/ReverseProxy/Forwarder/StreamCopyHttpContent.cs
    // A body that has come would then go in a packet, and a TLS record, of its own. Over HTTP/1.1 the head is left to go with the body's first
    // bytes; the body has it sent when those are not there. Over HTTP/2 the first bytes may have to wait for the upstream's flow control, and
    // the client flushes nothing meanwhile.
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        if (canMove)
        {
            return SendAsync(cancellationToken);
        }

        if (_isHeadLeft)
        {
            return _target.FlushAsync(cancellationToken);
        }

        _isHeadLeft = true;
        body.SendBeforeWait(this);
        return Task.CompletedTask;
    }

    /// <summary>Only hastens what is written: if it can't be sent there, the next write finds out.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _target.FlushAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async ValueTask MovableWriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!_discards)
        {
            var target = _target;
            try
            {
                await CatchUpAsync(target, cancellationToken);
                await target.WriteAsync(buffer, cancellationToken);
                break;
            }
            catch (Exception e) when (!_isClosed && e is not NotProcessedException && !cancellationToken.IsCancellationRequested)
            {
                await ChangeAsync(target, cancellationToken);
                if (_isClosed && _target == target)
                {
                    throw;
                }
            }
        }

        _sent += buffer.Length;
    }

    private async ValueTask CatchUpAsync(Stream target, CancellationToken cancellationToken)
    {
        if (_written != target)
        {
            _written = target;
            await body.ResendAsync(target, 0, _sent, cancellationToken);
            body.HasCaughtUp();
        }
    }

    private Task ChangeAsync(Stream from, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_target != from || _discards || _isClosed)
            {
                return Task.CompletedTask;
            }

            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task.WaitAsync(cancellationToken);
        }
    }
}

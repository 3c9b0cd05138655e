using System.Buffers;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Forwarding.Timing;

namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>
/// The body of a request on its way to the upstream, and the one owner of what is kept of it: to look at it before it is sent, and to send it
/// again. It passes as it comes, and takes no memory for what hasn't come.
/// </summary>
/// <param name="client">The client's bytes.</param>
/// <param name="length">The Content-Length; null if there is none.</param>
/// <param name="memory">Counts what is kept.</param>
/// <param name="observer">Sees the bytes.</param>
/// <param name="timer">The request's timer: the wait for an answer starts with the last byte.</param>
internal sealed class RequestBody(Stream client, long? length, BodyMemory memory, BodyObserver observer, PhaseTimer timer) : AsyncStream
{
    /// <summary>Bytes. Of a longer body nothing is kept to be sent again.</summary>
    public const int MostKept = 1024 * 1024;

    /// <summary>Bytes. A body up to this is waited for before the upstream is called, so that one that stops half-way never is a call.</summary>
    private const int MostAwaited = 256 * 1024;

    private const int PieceSize = 16 * 1024;

    private readonly KeptBytes _kept = new(memory);
    private Insertion? _insertion;
    private OutgoingStream? _upstream;
    private volatile bool _isTakenOut;
    private long _read;
    private int _given;
    private bool _isWhole;
    private volatile bool _isKept = true;
    private volatile bool _isGiven;
    private volatile bool _isAnswered;
    private volatile bool _mustKeep;
    private volatile bool _isOver;
    private int _isReleased;

    /// <summary>True if it is held back until it is whole, or too large to wait for.</summary>
    public bool IsHeld => observer.HoldsBody;

    /// <summary>Why it is not passed on any more; null while it is.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>True if the gateway put something into it, and it can be sent without.</summary>
    public bool HasInsertion => _insertion is not null && !_isTakenOut;

    /// <summary>Bytes that are kept, with what was put in if it is still to be sent.</summary>
    public int KeptLength => _kept.Length + (HasInsertion ? _insertion!.Growth : 0);

    // Timers are used again: what is still copied behind the end of the request must not move the one of the next.
    private PhaseTimer? Timer => _isOver ? null : timer;

    // What is read here may go on while the request is already sent again without what was put in.
    private int HeldLength => _kept.Length + (_insertion?.Growth ?? 0);

    /// <summary>
    /// Waits for the first byte, so that the upstream is called only when there is something to send; if <see cref="IsHeld"/>, reads on
    /// until the body is whole, or too large to wait for. Who expects a "continue" sends nothing before: that comes from the upstream, unless
    /// the body is held.
    /// </summary>
    public async ValueTask PrepareAsync(bool expectsContinue, CancellationToken cancellationToken)
    {
        var holds = IsHeld;
        if (expectsContinue && !holds)
        {
            observer.Decide(isWhole: false);
            return;
        }

        do
        {
            Timer?.Progress();
            // Without a buffer: who sends nothing takes no memory here.
            _ = await client.ReadAsync(Memory<byte>.Empty, cancellationToken);
            if (holds && memory.HasRoom)
            {
                await HoldPieceAsync(cancellationToken);
            }
        }
        while (holds && !_isWhole && memory.HasRoom && (length is null or <= MostAwaited || observer.MayInsert)
            && _read < (observer.MayInsert ? memory.MostOfOne : MostAwaited));
        _insertion = observer.Decide(_isWhole);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isKept && _given < HeldLength)
        {
            return new(GiveHeld(buffer.Span));
        }

        if (_isWhole)
        {
            IsGiven();
            return default;
        }

        Timer?.Progress();
        var read = client.ReadAsync(buffer, cancellationToken);
        if (_upstream is { } upstream && !read.IsCompleted)
        {
            return SendThenPassAsync(upstream, read, buffer);
        }

        if (buffer.IsEmpty)
        {
            return read;
        }

        return read.IsCompletedSuccessfully ? new(Pass(buffer.Span, read.Result)) : PassAsync(read, buffer);
    }

    /// <summary>What is written there may not be sent yet, from the request's head on. It is sent before anything is waited for.</summary>
    public void SendBeforeWait(OutgoingStream upstream) => _upstream = upstream;

    /// <summary>Takes out what was put in, before the body is sent again.</summary>
    public void TakeInsertionOut()
    {
        _mustKeep = true;
        _isTakenOut = true;
        observer.InsertionTakenOut();
    }

    /// <summary>The upstream took the request only without what was put in.</summary>
    public void InsertionRefused() => observer.InsertionRefused();

    /// <summary>True if all that was read can be sent from its start, by the calling thread, until <see cref="EndResend"/>.</summary>
    public bool TryBeginResend()
    {
        _mustKeep = true;
        if (!_kept.TryUse())
        {
            return false;
        }

        if (_isKept)
        {
            return true;
        }

        _kept.EndUse();
        return false;
    }

    /// <summary>The new sending has caught up with what was read.</summary>
    public void HasCaughtUp() => _mustKeep = false;

    /// <summary>Ends a resend.</summary>
    public void EndResend() => _kept.EndUse();

    /// <summary>Writes a part of what is kept.</summary>
    /// <exception cref="NotProcessedException">It is kept no longer.</exception>
    public async ValueTask ResendAsync(Stream to, long from, long until, CancellationToken cancellationToken)
    {
        while (from < until)
        {
            var piece = _kept.At((int)from, _isTakenOut ? null : _insertion);
            if (piece.IsEmpty)
            {
                throw new NotProcessedException();
            }

            piece = piece[..(int)Math.Min(piece.Length, until - from)];
            await to.WriteAsync(piece, cancellationToken);
            from += piece.Length;
        }
    }

    /// <summary>There is an answer: it won't be sent again. Pieces that still wait to be sent are kept until they are.</summary>
    public void IsAnswered()
    {
        _isAnswered = true;
        if (_isGiven)
        {
            Release();
        }
    }

    /// <summary>The request is over.</summary>
    public void End()
    {
        _isOver = true;
        Release();
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            _kept.EndUse();
        }
    }

    private async ValueTask HoldPieceAsync(CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            var count = await client.ReadAsync(piece, cancellationToken);
            _kept.Append(piece.AsSpan(0, count));
            Look(piece.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private int GiveHeld(Span<byte> buffer)
    {
        var given = 0;
        while (given < buffer.Length && _kept.At(_given, _insertion) is { IsEmpty: false } piece)
        {
            var count = Math.Min(piece.Length, buffer.Length - given);
            piece.Span[..count].CopyTo(buffer[given..]);
            given += count;
            _given += count;
        }

        if (_isWhole && _given == HeldLength && given > 0)
        {
            IsGiven();
        }

        return given;
    }

    private async ValueTask<int> PassAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        var count = await read;
        return Pass(buffer.Span, count);
    }

    private async ValueTask<int> SendThenPassAsync(OutgoingStream upstream, ValueTask<int> read, Memory<byte> buffer)
    {
        // Whatever ends it ends the read as well.
        await upstream.SendAsync(CancellationToken.None);
        return buffer.IsEmpty ? await read : await PassAsync(read, buffer);
    }

    private int Pass(Span<byte> buffer, int count)
    {
        if (_isKept && !_isAnswered && (_mustKeep || (_kept.Length + count <= MostKept && memory.HasRoom)))
        {
            _kept.Append(buffer[..count]);
            _given += count;
        }
        else if (_isKept && count > 0)
        {
            _isKept = false;
            Release();
        }

        Look(buffer[..count]);
        Refusal ??= observer.Judge(_isWhole);
        if (Refusal is not null)
        {
            throw new RefusedBodyException();
        }

        Timer?.Enter(_isWhole ? Phase.Waiting : Phase.Uploading);
        if (_isWhole)
        {
            IsGiven();
        }

        return count;
    }

    private void Look(ReadOnlySpan<byte> bytes)
    {
        observer.Observe(bytes);
        _read += bytes.Length;
        _isWhole = bytes.IsEmpty || _read == length;
    }

    // All of it is on its way. What was kept only because it was looked at goes.
    private void IsGiven()
    {
        if (_isGiven)
        {
            return;
        }

        Timer?.Enter(Phase.Waiting);
        observer.Passed();
        _isGiven = true;
        if (_isAnswered || (_kept.Length > MostKept && _insertion is null && !_mustKeep))
        {
            _isKept = false;
            Release();
        }
    }
}

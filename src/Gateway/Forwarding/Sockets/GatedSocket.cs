using System.Runtime.CompilerServices;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Forwarding.Timing;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Forwarding.Sockets;

/// <summary>
/// The connection to the upstream behind a WebSocket, to which a client's message goes only when it is whole and was judged. One that came in
/// one piece is not copied. What is refused is dropped, the client is told so by a message between those of the upstream, and the socket stays
/// open. Control frames wait for no message.
/// </summary>
internal sealed class GatedSocket(Stream upstream, SocketJudge judge, BodyMemory memory) : UpstreamStream(upstream)
{
    private const int PieceSize = 1024;

    private static readonly SocketRefusal TooLarge = new(new Refusal(
        StatusCodes.Status413PayloadTooLarge, "message_too_large", new ErrorText(
            "This message is too large to be judged before it is sent on, and this access key's messages must be.",
            "这条消息太大，无法在转发前判断，而这个访问密钥的消息必须先判断。")));

    private readonly AbandonableReader _reader = new(upstream);
    private readonly ErrorQueue _errors = new();
    private readonly HeldMessage _held = new(memory);
    private readonly Lock _gate = new();
    private FrameReader _fromClient;
    private FrameReader _toClient;
    private ReadOnlyMemory<byte> _error;
    private ReadOnlyMemory<byte> _rest;
    private bool _isWriting;
    private bool _isOver;

    public override bool CanWrite => true;

    // Of the buffer, [from, cleared) may be sent, and [cleared, at) waits for its verdict.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter();
        try
        {
            var from = 0;
            var cleared = 0;
            for (var at = 0; at < buffer.Length;)
            {
                var start = at;
                at += Read(buffer.Span[at..]);
                if (_fromClient.IsControl)
                {
                    if (cleared < start)
                    {
                        await SendAsync(buffer[from..cleared], cancellationToken);
                        _held.Append(buffer.Span[cleared..start]);
                        from = start;
                    }

                    cleared = at;
                }
                else if (!_fromClient.IsInMessage)
                {
                    var isAllowed = await JudgeAsync(cancellationToken);
                    if (!isAllowed || !_held.IsEmpty)
                    {
                        await SendAsync(buffer[from..cleared], cancellationToken);
                        from = isAllowed ? cleared : at;
                        await EndHeldAsync(isAllowed, cancellationToken);
                    }

                    cleared = at;
                }
            }

            await SendAsync(buffer[from..cleared], cancellationToken);
            _held.Append(buffer.Span[cleared..]);
        }
        finally
        {
            Leave();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_error.IsEmpty && _toClient.IsBetweenMessages)
            {
                _error = _errors.Take();
            }

            if (!_error.IsEmpty)
            {
                return Give(ref _error, buffer, Math.Min(_error.Length, buffer.Length));
            }

            if (!_rest.IsEmpty)
            {
                return Pass(ref _rest, buffer);
            }

            if (await _reader.TryReadAsync(buffer, _toClient.IsBetweenMessages ? _errors.Added : null, cancellationToken) is { } count)
            {
                ReadOnlyMemory<byte> read = buffer[..count];
                var passed = Advance(read.Span);
                if (passed < count)
                {
                    _rest = read[passed..].ToArray();
                }

                return passed;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _isOver = true;
            if (!_isWriting)
            {
                _held.Clear();
            }
        }

        base.Dispose(disposing);
    }

    private void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            _isWriting = true;
        }
    }

    // What is held is given back by whoever is the last to use it.
    private void Leave()
    {
        lock (_gate)
        {
            _isWriting = false;
            if (_isOver)
            {
                _held.Clear();
            }
        }
    }

    // To the end of a frame, or of the bytes.
    private int Read(ReadOnlySpan<byte> bytes)
    {
        var count = _fromClient.Read(bytes, out var payload);
        Span<byte> plain = stackalloc byte[PieceSize];
        while (!_fromClient.IsControl && !payload.IsEmpty)
        {
            var piece = payload[..Math.Min(payload.Length, PieceSize)];
            _fromClient.Unmask(piece, plain);
            judge.Read(plain[..piece.Length]);
            payload = payload[piece.Length..];
        }

        return count;
    }

    private async ValueTask<bool> JudgeAsync(CancellationToken cancellationToken)
    {
        SocketRefusal? refusal;
        if (_held.IsTooLarge)
        {
            judge.Drop();
            refusal = TooLarge;
        }
        else
        {
            refusal = await judge.JudgeAsync(_fromClient.Kind, cancellationToken);
        }

        if (refusal is null)
        {
            return true;
        }

        _errors.Add(ErrorFrame.Of(refusal));
        return false;
    }

    private async ValueTask EndHeldAsync(bool isAllowed, CancellationToken cancellationToken)
    {
        if (isAllowed)
        {
            await _held.WriteToAsync(Upstream, cancellationToken);
        }

        _held.Clear();
    }

    private ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        => bytes.IsEmpty ? default : Upstream.WriteAsync(bytes, cancellationToken);

    private int Pass(ref ReadOnlyMemory<byte> rest, Memory<byte> buffer)
        => Give(ref rest, buffer, Advance(rest.Span[..Math.Min(rest.Length, buffer.Length)]));

    private static int Give(ref ReadOnlyMemory<byte> from, Memory<byte> buffer, int count)
    {
        from[..count].CopyTo(buffer);
        from = from[count..];
        return count;
    }

    // These go to the client: all of them, or as many as come before the place where an error may stand.
    private int Advance(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            at += _toClient.Read(bytes[at..], out _);
            if (_toClient.IsBetweenMessages && !_errors.IsEmpty)
            {
                break;
            }
        }

        return at;
    }
}

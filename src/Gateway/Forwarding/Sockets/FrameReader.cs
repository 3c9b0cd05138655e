using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.Gateway.Forwarding.Sockets;

/// <summary>
/// Reads the frames of one direction of a WebSocket (RFC 6455, section 5.2), cut anywhere, and knows where its messages begin and end.
/// </summary>
internal struct FrameReader
{
    private const int LongestHead = 14;
    private const int Close = 8;
    private const byte Last = 0x80;
    private const byte Reserved = 0x70;
    private const byte Masked = 0x80;

    private Head _head;
    private int _headLength;
    private ulong _left;
    private int _masked;
    private bool _isInPayload;

    /// <summary>True for a frame that belongs to no message: ping, pong, close.</summary>
    public readonly bool IsControl => (_head[0] & 0x0F) >= Close;

    /// <summary>True from the first byte of a message to the last one of its last frame, also in control frames between.</summary>
    public bool IsInMessage { get; private set; }

    /// <summary>What the message holds that is under way, or has just ended.</summary>
    public MessageKind Kind { get; private set; }

    /// <summary>True once a close frame has come: nothing may follow it.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>True where another message may be put in.</summary>
    public readonly bool IsBetweenMessages => !IsInMessage && _headLength == 0 && !_isInPayload && !HasClosed;

    /// <summary>Reads on, at most to the end of the frame.</summary>
    /// <param name="bytes">The next bytes.</param>
    /// <param name="payload">Those of them that are payload, still masked.</param>
    /// <returns>How many were read.</returns>
    public int Read(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        var at = 0;
        while (!_isInPayload && at < bytes.Length)
        {
            _head[_headLength++] = bytes[at++];
            if (_headLength == 1)
            {
                BeginFrame();
            }
            else if (_headLength >= 2 && _headLength == HeadLength)
            {
                _left = PayloadLength();
                _masked = 0;
                _isInPayload = true;
            }
        }

        if (_isInPayload)
        {
            var count = (int)Math.Min(_left, (ulong)(bytes.Length - at));
            payload = bytes.Slice(at, count);
            at += count;
            _left -= (ulong)count;
            if (_left == 0)
            {
                EndFrame();
            }
        }

        return at;
    }

    /// <summary>Takes the mask off a piece of the payload that was read last, one piece after the other.</summary>
    public void Unmask(ReadOnlySpan<byte> payload, Span<byte> plain)
    {
        var maskAt = HeadLength - 4;
        var isMasked = (_head[1] & Masked) != 0;
        for (var i = 0; i < payload.Length; i++)
        {
            plain[i] = isMasked ? (byte)(payload[i] ^ _head[maskAt + (_masked++ & 3)]) : payload[i];
        }
    }

    private readonly int LengthBytes => (_head[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };

    // Known from the second byte on.
    private readonly int HeadLength => 2 + LengthBytes + ((_head[1] & Masked) == 0 ? 0 : 4);

    private readonly ulong PayloadLength() => LengthBytes switch
    {
        2 => BinaryPrimitives.ReadUInt16BigEndian(((ReadOnlySpan<byte>)_head)[2..]),
        8 => BinaryPrimitives.ReadUInt64BigEndian(((ReadOnlySpan<byte>)_head)[2..]),
        _ => (ulong)(_head[1] & 0x7F),
    };

    // A control frame may stand between the frames of a message.
    private void BeginFrame()
    {
        if (IsControl)
        {
            HasClosed |= (_head[0] & 0x0F) == Close;
            return;
        }

        var code = _head[0] & 0x0F;
        var isNew = !IsInMessage;
        IsInMessage = true;
        if (isNew)
        {
            Kind = code switch
            {
                1 => MessageKind.Text,
                2 => MessageKind.Binary,
                _ => MessageKind.Unreadable,
            };
        }

        if ((_head[0] & Reserved) != 0 || isNew == (code == 0))
        {
            Kind = MessageKind.Unreadable;
        }
    }

    private void EndFrame()
    {
        _isInPayload = false;
        _headLength = 0;
        if (!IsControl && (_head[0] & Last) != 0)
        {
            IsInMessage = false;
        }
    }

    [InlineArray(LongestHead)]
    private struct Head
    {
        private byte _first;
    }
}

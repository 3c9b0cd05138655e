using System.Buffers.Binary;

namespace OpenAIProxy.Gateway.Forwarding.Timing;

/// <summary>Follows the frames of one direction of a WebSocket (RFC 6455, section 5.2), cut anywhere: only between two may a further one stand.</summary>
internal struct FrameCursor
{
    private const byte Masked = 0x80;

    // The length's bytes of the header under way, the newest lowest.
    private ulong _length;
    private ulong _payload;
    private int _headerLength;
    private int _headerEnd;
    private byte _second;

    /// <summary>True if the last frame is complete.</summary>
    public readonly bool IsBetweenFrames => _headerLength == 0 && _payload == 0;

    /// <summary>These bytes pass.</summary>
    public void Advance(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payload > 0)
            {
                var count = (int)Math.Min(_payload, (ulong)bytes.Length);
                _payload -= (ulong)count;
                bytes = bytes[count..];
                continue;
            }

            TakeHeader(bytes[0]);
            bytes = bytes[1..];
        }
    }

    /// <summary>The frame that closes with <paramref name="code"/> and no reason; a client's is masked.</summary>
    public static byte[] Close(ushort code, bool isClient)
    {
        // A mask of zeros is one: it need not be a secret for a frame that the sender made itself.
        byte[] frame = isClient ? [0x88, Masked | 2, 0, 0, 0, 0, 0, 0] : [0x88, 2, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(frame.Length - 2), code);
        return frame;
    }

    private void TakeHeader(byte next)
    {
        _headerLength++;
        if (_headerLength == 1)
        {
            return;
        }

        if (_headerLength == 2)
        {
            _second = next;
            _length = 0;
            _headerEnd = 2 + LengthBytes + ((_second & Masked) == 0 ? 0 : 4);
        }
        else if (_headerLength <= 2 + LengthBytes)
        {
            _length = (_length << 8) | next;
        }

        if (_headerLength == _headerEnd)
        {
            _headerLength = 0;
            _payload = LengthBytes == 0 ? (ulong)(_second & 0x7F) : _length;
        }
    }

    private readonly int LengthBytes => (_second & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };
}

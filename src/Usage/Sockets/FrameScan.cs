using System.Buffers.Binary;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>Reads the frames of one direction of a WebSocket (RFC 6455) while they pass, cut anywhere, and shows the text in them to the meter.</summary>
internal sealed class FrameScan(SocketMeter meter, bool fromClient)
{
    private const int LongestHeader = 14;
    private const int PieceLength = 1024;

    private const byte Fin = 0x80;
    private const byte Compressed = 0x40;
    private const byte Masked = 0x80;

    private readonly byte[] _header = new byte[LongestHeader];
    private int _headerLength;
    private ulong _left;
    private int _masked;
    private bool _isInPayload;
    private bool _isText;
    private bool _frameIsText;
    private bool _frameIsLast;

    /// <summary>Looks at the next bytes.</summary>
    public void Scan(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (!_isInPayload)
            {
                _header[_headerLength++] = bytes[0];
                bytes = bytes[1..];
                if (_headerLength >= 2 && _headerLength == HeaderLength())
                {
                    BeginFrame();
                }

                continue;
            }

            var length = (int)Math.Min(_left, (ulong)bytes.Length);
            _left -= (ulong)length;
            if (_frameIsText)
            {
                Show(bytes[..length]);
            }

            bytes = bytes[length..];
            if (_left == 0)
            {
                EndFrame();
            }
        }
    }

    private int HeaderLength() => 2 + ((_header[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 }) + ((_header[1] & Masked) == 0 ? 0 : 4);

    private void BeginFrame()
    {
        _left = (_header[1] & 0x7F) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
            127 => BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)),
            var small => (ulong)small,
        };
        _masked = 0;
        var code = _header[0] & 0x0F;
        if (code is 1 or 2)
        {
            _isText = code == 1 && (_header[0] & Compressed) == 0;
        }

        // Control frames may stand between the fragments of a message.
        _frameIsText = code < 8 && _isText;
        _frameIsLast = (_header[0] & Fin) != 0;
        _isInPayload = true;
        if (_left == 0)
        {
            EndFrame();
        }
    }

    private void EndFrame()
    {
        if (_frameIsText && _frameIsLast)
        {
            meter.Observe(fromClient, default, isEnd: true);
        }

        _isInPayload = false;
        _headerLength = 0;
    }

    private void Show(ReadOnlySpan<byte> payload)
    {
        if ((_header[1] & Masked) == 0)
        {
            meter.Observe(fromClient, payload, isEnd: false);
            return;
        }

        var key = _header.AsSpan(HeaderLength() - 4, 4);
        Span<byte> piece = stackalloc byte[PieceLength];
        while (!payload.IsEmpty)
        {
            var length = Math.Min(payload.Length, PieceLength);
            for (var i = 0; i < length; i++)
            {
                piece[i] = (byte)(payload[i] ^ key[(_masked + i) & 3]);
            }

            _masked = (_masked + length) & 3;
            meter.Observe(fromClient, piece[..length], isEnd: false);
            payload = payload[length..];
        }
    }
}

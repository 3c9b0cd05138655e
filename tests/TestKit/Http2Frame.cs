namespace OpenAIProxy.TestKit;

/// <summary>A frame of HTTP/2 (RFC 9113 section 4.1).</summary>
/// <param name="Type">0 DATA, 1 HEADERS, 3 RST_STREAM, 4 SETTINGS, 6 PING, 7 GOAWAY, 8 WINDOW_UPDATE.</param>
/// <param name="Flags">1 is END_STREAM, or ACK; 4 is END_HEADERS.</param>
/// <param name="Stream">The stream; 0 for the connection.</param>
/// <param name="Payload">What it carries.</param>
public sealed record Http2Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    /// <summary>DATA.</summary>
    public const byte Data = 0;

    /// <summary>HEADERS.</summary>
    public const byte Headers = 1;

    /// <summary>RST_STREAM.</summary>
    public const byte Reset = 3;

    /// <summary>SETTINGS.</summary>
    public const byte Settings = 4;

    /// <summary>PING.</summary>
    public const byte Ping = 6;

    /// <summary>GOAWAY.</summary>
    public const byte GoAway = 7;

    /// <summary>WINDOW_UPDATE.</summary>
    public const byte WindowUpdate = 8;

    /// <summary>True for the last frame of a request or answer, and for what acknowledges.</summary>
    public bool IsEnd => (Flags & 1) != 0;
}

using System.Text;

namespace OpenAIProxy.TestKit;

/// <summary>How a body, or a connection, came to its end.</summary>
public enum RawEnd
{
    /// <summary>As the framing promised.</summary>
    Complete,

    /// <summary>The connection was closed too early.</summary>
    Closed,

    /// <summary>The connection was reset.</summary>
    Reset,
}

/// <summary>An HTTP/1.1 message read off a socket.</summary>
/// <param name="Head">Start line and headers.</param>
/// <param name="Body">The body's bytes without chunk framing; what came of it, if <paramref name="End"/> is not complete.</param>
/// <param name="Trailers">Header lines after the last chunk.</param>
/// <param name="End">How it ended.</param>
public sealed record RawMessage(RawHead Head, byte[] Body, IReadOnlyList<string> Trailers, RawEnd End)
{
    /// <summary>The body as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}

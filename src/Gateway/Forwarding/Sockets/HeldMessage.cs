using OpenAIProxy.Gateway.Forwarding.Bodies;

namespace OpenAIProxy.Gateway.Forwarding.Sockets;

/// <summary>The frames of a message that came in several pieces, until it is judged. Whoever holds it disposes of it.</summary>
internal sealed class HeldMessage(BodyMemory memory)
{
    /// <summary>Bytes. Room for the longest that OpenAI takes, 15 MB of audio in base64.</summary>
    private const int Most = 24 * 1024 * 1024;

    private KeptBytes? _kept;

    /// <summary>True if it is too large to be held; nothing of it is kept then.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>True if nothing is kept.</summary>
    public bool IsEmpty => _kept is null;

    /// <summary>Keeps the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (IsTooLarge || bytes.IsEmpty)
        {
            return;
        }

        _kept ??= new KeptBytes(memory);
        if (_kept.Length + bytes.Length > Most || !memory.HasRoom)
        {
            Release();
            IsTooLarge = true;
            return;
        }

        _kept.Append(bytes);
    }

    /// <summary>Sends all that is kept.</summary>
    public async ValueTask WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        for (var at = 0; _kept?.At(at) is { IsEmpty: false } piece; at += piece.Length)
        {
            await stream.WriteAsync(piece, cancellationToken);
        }
    }

    /// <summary>Forgets it, and makes ready for another.</summary>
    public void Clear()
    {
        Release();
        IsTooLarge = false;
    }

    private void Release()
    {
        _kept?.EndUse();
        _kept = null;
    }
}

using System.Buffers;
using OpenAIProxy.Gateway.Forwarding.Bodies;

namespace OpenAIProxy.Gateway.ChatLog.Calls;

/// <summary>
/// A copy of a body's first bytes, in memory of the pool, which grows with them. The upload of a request may go on while the answer ends, and a
/// drain of the answer when the call is over, so bytes may come on several threads.
/// </summary>
/// <param name="type">What kind of body it is.</param>
/// <param name="most">Bytes that are kept.</param>
/// <param name="memory">What all copies may take together. Without room no more is kept.</param>
internal sealed class CapturedBody(BodyType type, int most, BodyMemory memory)
{
    private const int FirstSize = 4 * 1024;

    private readonly Lock _growth = new();
    private byte[] _bytes = [];
    private bool _isClosed;
    private bool _hasNoRoom;

    /// <summary>What kind of body it is.</summary>
    public BodyType Type => type;

    /// <summary>Bytes that are kept.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that passed.</summary>
    public long Total { get; private set; }

    /// <summary>The bytes that are kept. Only after <see cref="Close"/>, and until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    /// <summary>The next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_growth)
        {
            if (_isClosed)
            {
                return;
            }

            Total += bytes.Length;
            var kept = type.IsText ? bytes[..Math.Min(bytes.Length, most - Length)] : default;
            if (kept.IsEmpty || !TryGrow(Length + kept.Length))
            {
                return;
            }

            kept.CopyTo(_bytes.AsSpan(Length));
            Length += kept.Length;
        }
    }

    /// <summary>What comes from now on is not kept.</summary>
    public void Close()
    {
        lock (_growth)
        {
            _isClosed = true;
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        lock (_growth)
        {
            _isClosed = true;
            Return(_bytes);
            _bytes = [];
            Length = 0;
        }
    }

    private bool TryGrow(int length)
    {
        // Behind bytes that are missing nothing is kept.
        _hasNoRoom |= length > _bytes.Length && !memory.HasRoom;
        if (_hasNoRoom || length <= _bytes.Length)
        {
            return !_hasNoRoom;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(length, FirstSize), Math.Min(2 * _bytes.Length, most)));
        memory.Add(larger.Length);
        _bytes.AsSpan(0, Length).CopyTo(larger);
        Return(_bytes);
        _bytes = larger;
        return true;
    }

    private void Return(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            memory.Remove(bytes.Length);
        }
    }
}

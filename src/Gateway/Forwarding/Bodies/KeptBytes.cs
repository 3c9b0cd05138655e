using System.Buffers;
using System.Numerics;

namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>
/// The beginning of a request's body, in pooled pieces that grow with what arrives. One thread appends and reads; another may read, too,
/// between <see cref="TryUse"/> and <see cref="EndUse"/>: nothing is given back to the pool meanwhile.
/// </summary>
internal sealed class KeptBytes(BodyMemory memory)
{
    /// <summary>Bytes. Small enough for ten thousand requests that stop after their first bytes.</summary>
    private const int SmallestPiece = 256;

    private const int LargestPiece = 64 * 1024;

    private byte[][] _pieces = [];
    private int _count;
    private int _room;

    // The owner is one of them. At 0 the pieces are gone.
    private int _users = 1;

    /// <summary>Bytes that are kept.</summary>
    public int Length { get; private set; }

    /// <summary>Copies <paramref name="bytes"/> to the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_room == 0)
            {
                AddPiece(Math.Max(bytes.Length, Length));
            }

            var piece = _pieces[_count - 1];
            var taken = Math.Min(_room, bytes.Length);
            bytes[..taken].CopyTo(piece.AsSpan(piece.Length - _room));
            _room -= taken;
            Length += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>The bytes from <paramref name="position"/> to the end of their piece; empty at the end.</summary>
    public ReadOnlyMemory<byte> At(int position)
    {
        for (var i = 0; i < _count; i++)
        {
            var used = _pieces[i].Length - (i == _count - 1 ? _room : 0);
            if (position < used)
            {
                return _pieces[i].AsMemory(position, used - position);
            }

            position -= used;
        }

        return default;
    }

    /// <summary>The same, where <paramref name="insertion"/> is put in: a piece of what is sent then. Null for nothing.</summary>
    public ReadOnlyMemory<byte> At(int position, Insertion? insertion)
    {
        if (insertion is null)
        {
            return At(position);
        }

        if (position < insertion.At)
        {
            var piece = At(position);
            return piece[..Math.Min(piece.Length, insertion.At - position)];
        }

        var behind = position - insertion.At - insertion.Text.Length;
        return behind < 0 ? insertion.Text.AsMemory(position - insertion.At) : At(insertion.At + insertion.Replaced + behind);
    }

    /// <summary>True if the calling thread may read until it says <see cref="EndUse"/>; false if nothing is kept any more.</summary>
    public bool TryUse()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            if (users == 0)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
        return true;
    }

    /// <summary>Ends what <see cref="TryUse"/>, or the constructor, began. The last one gives the pieces back to the pool.</summary>
    public void EndUse()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            for (var i = 0; i < _count; i++)
            {
                memory.Remove(_pieces[i].Length);
                ArrayPool<byte>.Shared.Return(_pieces[i]);
            }
        }
    }

    private void AddPiece(int wanted)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(wanted, SmallestPiece, LargestPiece));
        if (_count == _pieces.Length)
        {
            Array.Resize(ref _pieces, Math.Max(1, _count * 2));
        }

        var piece = ArrayPool<byte>.Shared.Rent((int)size);
        memory.Add(piece.Length);
        _pieces[_count++] = piece;
        _room = piece.Length;
    }
}

using System.Buffers;

namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>A piece of a sequence of bytes.</summary>
internal sealed class BytesSegment : ReadOnlySequenceSegment<byte>
{
    /// <summary>A piece behind <paramref name="previous"/>.</summary>
    public BytesSegment(ReadOnlyMemory<byte> bytes, BytesSegment? previous)
    {
        Memory = bytes;
        if (previous is not null)
        {
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}

using System.Buffers;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>The events of one stream, each written when its turn comes. The last one is the terminal event.</summary>
internal abstract class StreamScript
{
    public abstract int Count { get; }

    /// <summary>Writes event <paramref name="index"/> with its closing blank line.</summary>
    public abstract void Write(int index, IBufferWriter<byte> output);

    /// <summary>One more content event, with this text.</summary>
    public abstract byte[] Content(string text);

    /// <summary>The event that tells of an error in mid-stream.</summary>
    public abstract byte[] Error(int index);
}

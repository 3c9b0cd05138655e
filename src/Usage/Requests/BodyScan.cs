using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Requests;

/// <summary>Reads a request's body while it passes, cut anywhere, and writes what it finds into <see cref="RequestFacts"/>. Keeps nothing of it.</summary>
internal abstract class BodyScan
{
    /// <summary>Looks at the next bytes.</summary>
    public abstract void Scan(ReadOnlySpan<byte> bytes);
}

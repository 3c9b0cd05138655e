namespace OpenAIProxy.Usage.Requests;

/// <summary>Reads a request's body while it passes, cut anywhere, and writes what it finds into <see cref="RequestFacts"/>. Keeps nothing of it.</summary>
internal abstract class BodyScan
{
    /// <summary>Looks at the next bytes.</summary>
    /// <param name="bytes">Not empty.</param>
    /// <param name="insert">What must be put behind the bytes that were looked at; mostly empty.</param>
    /// <returns>How many bytes were looked at. If it is not all of them, the rest is to be shown again.</returns>
    public abstract int Scan(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> insert);
}

namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>
/// Counts the bytes of bodies that the whole process keeps for one purpose. Nothing is reserved for bytes that have not arrived, so a caller's
/// Content-Length costs nothing.
/// </summary>
/// <param name="most">Bytes. Beyond them bodies pass without being kept.</param>
internal sealed class BodyMemory(long most)
{
    private long _kept;

    /// <summary>Bytes of one body that may be kept while it is not known yet whether usage is asked for: a few of them must not take all.</summary>
    public int MostOfOne { get; } = (int)Math.Min(most / 4, 16 * 1024 * 1024);

    /// <summary>True if something may be kept. Who asks at the same time as others may go over the limit by one piece.</summary>
    public bool HasRoom => Volatile.Read(ref _kept) < most;

    /// <summary>Counts bytes that are kept from now on.</summary>
    public void Add(int bytes) => Interlocked.Add(ref _kept, bytes);

    /// <summary>Counts bytes that are no longer kept.</summary>
    public void Remove(int bytes) => Interlocked.Add(ref _kept, -bytes);
}

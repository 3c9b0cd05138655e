using System.Runtime;

namespace OpenAIProxy.TestKit;

/// <summary>Counts what a piece of code allocates on its thread.</summary>
public static class Allocations
{
    private const long Room = 200 * 1024 * 1024;

    private static readonly Lock Gate = new();

    /// <summary>
    /// Bytes that <paramref name="action"/> allocates. No garbage is collected meanwhile, whatever other tests allocate: a collection gives
    /// each thread a new buffer to allocate from, and the runtime counts what was left of the old one, up to 8 KB, as allocated.
    /// </summary>
    public static long During(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        lock (Gate)
        {
            GC.TryStartNoGCRegion(Room);
            try
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                action();
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }
            finally
            {
                if (GCSettings.LatencyMode is GCLatencyMode.NoGCRegion)
                {
                    GC.EndNoGCRegion();
                }
            }
        }
    }
}

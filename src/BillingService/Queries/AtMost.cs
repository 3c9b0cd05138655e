using System.Runtime.ExceptionServices;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>Runs calls side by side, but not too many.</summary>
internal static class AtMost
{
    /// <summary>
    /// Runs <paramref name="calls"/>, at most <paramref name="atOnce"/> at a time, and returns their results in order. The first failure
    /// ends the others and is thrown.
    /// </summary>
    public static async Task<T[]> RunAsync<T>(
        int atOnce, IReadOnlyList<Func<CancellationToken, Task<T>>> calls, CancellationToken cancellationToken)
    {
        if (calls is [var only])
        {
            return [await only(cancellationToken)];
        }

        var results = new T[calls.Count];
        ExceptionDispatchInfo? failure = null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForAsync(0, calls.Count, options, async (i, token) =>
            {
                try
                {
                    results[i] = await calls[i](token);
                }
                catch (Exception e)
                {
                    // Those that end because of it fail later, as cancelled.
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                    throw;
                }
            });
        }
        catch (Exception) when (failure is not null)
        {
            failure.Throw();
        }

        return results;
    }
}
